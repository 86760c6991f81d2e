import { expect, test } from 'vitest';
import { killLoop } from '../../test/kill-loop.js';

test('an identity survives that its agent is killed at random moments, a hundred times', async () => {
  const { kills, amidWrites, stored } = await killLoop(100);
  expect(kills).toBe(100);
  // It would prove nothing if the agent had been idle.
  expect(amidWrites).toBeGreaterThan(0);
  expect(stored).toBeGreaterThan(0);
}, 300_000);
