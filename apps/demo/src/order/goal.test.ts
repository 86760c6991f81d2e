import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { DemoFailure } from '../ending/demo-failure.js';
import { createGoal } from './goal.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('is reached with the last requested heartbeat, and then nothing is awaited', async () => {
  const goal = createGoal({ heartbeats: 2, patienceMs: 1000 });
  goal.heartbeatAcknowledged();
  goal.heartbeatAcknowledged();
  await expect(goal.reached).resolves.toBeUndefined();
  goal.drop();
  expect(vi.getTimerCount()).toBe(0);
});

test('limits the time for each heartbeat', async () => {
  const goal = createGoal({ heartbeats: 3, patienceMs: 1000 });
  for (let count = 0; count < 3; count += 1) {
    await vi.advanceTimersByTimeAsync(999);
    goal.heartbeatAcknowledged();
  }
  await expect(goal.reached).resolves.toBeUndefined();
  goal.drop();
});

test.each([
  ['the device did not enrol within 1 s; 0 of 3 heartbeats were acknowledged.', false, 0],
  ['no further heartbeat was acknowledged within 1 s; 0 of 3 heartbeats were acknowledged.', true, 0],
  ['no further heartbeat was acknowledged within 1 s; 2 of 3 heartbeats were acknowledged.', true, 2],
])('says when time is up: %s', async (message, isRegistered, acknowledged) => {
  const goal = createGoal({ heartbeats: 3, patienceMs: 1000 });
  if (isRegistered) goal.registered();
  for (let count = 0; count < acknowledged; count += 1) goal.heartbeatAcknowledged();
  vi.advanceTimersByTime(1000);
  await expect(goal.reached).rejects.toEqual(new DemoFailure(message));
});

test('is missed if someone stops the demo earlier', () => {
  const goal = createGoal({ heartbeats: 3, patienceMs: 1000 });
  goal.heartbeatAcknowledged();
  expect(() => goal.stop()).toThrow(new DemoFailure('it was stopped; 1 of 3 heartbeats were acknowledged.'));
  goal.drop();
});

test('without a number of heartbeats, may be stopped at any time', () => {
  expect(() => createGoal({ patienceMs: 1000 }).stop()).not.toThrow();
});

test('without a number of heartbeats, awaits nothing', () => {
  const goal = createGoal({ patienceMs: 1000 });
  goal.heartbeatAcknowledged();
  expect(vi.getTimerCount()).toBe(0);
});

test('may be missed before anyone awaits it, as on a slow machine', async () => {
  const goal = createGoal({ heartbeats: 1, patienceMs: 1000 });
  await vi.advanceTimersByTimeAsync(1000);
  await expect(goal.reached).rejects.toThrow(DemoFailure);
});
