import { howMany } from '@serve.zone/baseos-testing/chance/how-many';
import { expect, test } from 'vitest';
import { killLoop } from '../../test/kill-loop.js';

test('an identity survives kills of its agent at random moments', async () => {
  const count = howMany(40, 400);
  const { kills, amidWrites, stored } = await killLoop(count);
  expect(kills).toBe(count);
  // It would prove nothing if the agent had been idle.
  expect(amidWrites).toBeGreaterThan(0);
  expect(stored).toBeGreaterThan(0);
}, 300_000);
