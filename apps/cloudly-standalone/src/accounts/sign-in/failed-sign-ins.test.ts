import { createMemoryStore } from '@serve.zone/baseos-cloudly-handlers';
import { expect, test } from 'vitest';
import { createFailedSignIns } from './failed-sign-ins.js';

function setUp() {
  const store = createMemoryStore();
  const clock = { nowMs: 1000 };
  const failed = createFailedSignIns(store.accounts, () => clock.nowMs);
  const told = async () =>
    (await store.as({ actor: 'system', nowMs: 0 }).listEvents({ after: 0, limit: 9 })).map(({ details }) => details);
  return { clock, failed, told };
}

test('failed attempts are told a minute after the first one, all at once, and the next ones anew', async () => {
  const { clock, failed, told } = setUp();
  failed.count('ada');
  clock.nowMs += 59_999;
  failed.count('ada');
  failed.count(undefined);
  await failed.tellDue();
  expect(await told()).toEqual([]);
  clock.nowMs += 1;
  await failed.tellDue();
  await failed.tellDue();
  expect(await told()).toEqual([{ name: 'ada', count: 2, sinceMs: 1000 }]);
  failed.count('ada');
  await failed.tellAll();
  expect(await told()).toEqual([
    { name: 'ada', count: 2, sinceMs: 1000 },
    { count: 1, sinceMs: 60_999 },
    { name: 'ada', count: 1, sinceMs: 61_000 },
  ]);
});
