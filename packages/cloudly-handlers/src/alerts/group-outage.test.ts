import { expect, test } from 'vitest';
import { isOutage, isOutageOver } from './group-outage.js';

test.each([
  [2, 2, false],
  [3, 6, true],
  [3, 7, false],
  [9, 19, false],
  [10, 10_000, true],
])('%i offline nodes of %i are an outage: %s', (offlineCount, nodeCount, expected) => {
  expect(isOutage({ offlineCount, nodeCount })).toBe(expected);
});

test.each([
  [3, 4, false],
  [2, 4, true],
  [11, 100, false],
  [10, 100, true],
  [0, 3, true],
])('with %i of %i still offline, it is over: %s', (offlineCount, offlineCountMax, expected) => {
  expect(isOutageOver(offlineCount, offlineCountMax)).toBe(expected);
});
