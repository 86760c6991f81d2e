import { expect, test } from 'vitest';
import { killLoop } from '../../test/kill-loop.js';

test('an identity survives a hundred kills of its agent at random moments', async () => {
  const { kills, amidWrites, stored } = await killLoop(100);
  expect(kills).toBe(100);
  // It would prove nothing if the agent had been idle.
  expect(amidWrites).toBeGreaterThan(0);
  expect(stored).toBeGreaterThan(0);
}, 300_000);
