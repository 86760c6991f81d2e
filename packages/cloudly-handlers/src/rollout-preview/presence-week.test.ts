import { expect, test } from 'vitest';
import { NOW_MS } from '../stores/suite/fixtures.js';
import { listedNode } from '../../test/fixtures/listed-node.js';
import { presenceOf, presenceSample } from './presence-sample.js';
import { isOnlineAt, knownHourCount, onlineFromMs, presenceWeekOf } from './presence-week.js';

const HOUR_MS = 3_600_000;
const WEEK_MS = 168 * HOUR_MS;
const beganMs = NOW_MS - WEEK_MS;

function heardAt(...hours: number[]) {
  return hours.map((hour) => ({ startMs: beganMs + hour * HOUR_MS, heartbeatCount: 60 }));
}

test('a node is online in the hours in which it was heard a week before', () => {
  const week = presenceWeekOf(heardAt(-1, 0, 5), { knownSinceMs: 0, nowMs: NOW_MS });
  const online = Array.from({ length: 168 }, (_none, hour) => hour).filter((hour) =>
    isOnlineAt(week, NOW_MS + hour * HOUR_MS, false),
  );
  expect(online).toEqual([0, 5]);
  expect(isOnlineAt(week, NOW_MS + WEEK_MS + 5 * HOUR_MS, false)).toBe(true);
  expect(week && knownHourCount(week)).toBe(168);
});

test('a node that is new is as it is now in the hours before', () => {
  const knownSinceMs = NOW_MS - 2 * HOUR_MS;
  const week = presenceWeekOf(heardAt(166), { knownSinceMs, nowMs: NOW_MS });
  expect(week && knownHourCount(week)).toBe(2);
  expect(isOnlineAt(week, NOW_MS, true)).toBe(true);
  expect(isOnlineAt(week, NOW_MS, false)).toBe(false);
  expect(isOnlineAt(week, NOW_MS + 167 * HOUR_MS, true)).toBe(false);
  expect(presenceWeekOf([], { knownSinceMs: NOW_MS, nowMs: NOW_MS })).toBeUndefined();
});

test('it is back at the beginning of the first hour in which it was on, if there is one', () => {
  const week = presenceWeekOf(heardAt(5), { knownSinceMs: 0, nowMs: NOW_MS });
  const isOnline = (atMs: number): boolean => isOnlineAt(week, atMs, false);
  expect(onlineFromMs(week, NOW_MS + 1, isOnline)).toBe(NOW_MS + 5 * HOUR_MS);
  expect(onlineFromMs(week, NOW_MS + 5 * HOUR_MS + 7, isOnline)).toBe(NOW_MS + 5 * HOUR_MS + 7);
  const never = presenceWeekOf([], { knownSinceMs: 0, nowMs: NOW_MS });
  expect(onlineFromMs(never, NOW_MS, (atMs) => isOnlineAt(never, atMs, false))).toBeUndefined();
  expect(onlineFromMs(undefined, NOW_MS, () => false)).toBeUndefined();
});

const nodes = [
  ...Array.from({ length: 300 }, (_none, index) => listedNode(`on-${index}`)),
  ...Array.from({ length: 20 }, (_none, index) => listedNode(`off-${index}`, { state: 'offline' })),
];

test('a sample has nodes that are online and others, as far as there are', () => {
  const sampled = presenceSample(nodes, 100);
  expect(sampled).toHaveLength(100);
  expect(sampled.filter(({ state }) => state === 'offline')).toHaveLength(20);
  expect(presenceSample(nodes.slice(0, 7), 100)).toEqual(nodes.slice(0, 7));
  expect(new Set(sampled).size).toBe(100);
});

test('a node that was not sampled is like one that stands as it does', () => {
  const [on, off] = [heardAt(1), heardAt(2)].map((slots) => presenceWeekOf(slots, { knownSinceMs: 0, nowMs: NOW_MS }));
  if (!on || !off) throw new TypeError('These are known');
  const weeks = new Map([
    ['on-3', on],
    ['off-4', off],
  ]);
  expect(new Set(presenceOf(nodes, weeks).slice(0, 300))).toEqual(new Set([on]));
  expect(new Set(presenceOf(nodes, weeks).slice(300))).toEqual(new Set([off]));
  expect(new Set(presenceOf(nodes, new Map()))).toEqual(new Set([undefined]));
});
