import { expect, test } from 'vitest';
import { formatBytes, formatCount } from './format-bytes.js';

test('a size has a unit that leaves it few digits', () => {
  expect([0, 999, 212_400_000, 11_240_000_000, 30.6e9, 512e9].map(formatBytes)).toEqual([
    '0 B',
    '999 B',
    '212 MB',
    '11.2 GB',
    '30.6 GB',
    '512 GB',
  ]);
});

test('a number stands before its noun', () => {
  expect([formatCount(1, 'node'), formatCount(10_000, 'node'), formatCount(0, 'match', 'matches')]).toEqual([
    '1 node',
    '10,000 nodes',
    '0 matches',
  ]);
});
