import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Wave } from '../fleet-store/rollout.js';
import { assignWaves } from './assign-waves.js';

const auto = { gate: 'auto', soakMs: 0 } as const;

function ranked(count: number, matchesWave: (index: number) => boolean[] = () => []) {
  // Not in the order of their ranks; none repeats, because 61 is a prime.
  return Array.from({ length: count }, (_, index) => ({
    rank: String((index * 61) % count).padStart(4, '0'),
    matchesWave: matchesWave(index),
  }));
}

test('a count takes the first by rank, a share is one of all members, rounded up, and the last wave takes the rest', () => {
  const nodes = ranked(25);
  const waves: Wave[] = [
    { ...auto, size: { count: 2 } },
    { ...auto, size: { percent: 10 } },
    { ...auto, size: { percent: 1 } },
    auto,
  ];
  const assigned = assignWaves(nodes, waves);
  expect(waves.map((_wave, index) => assigned.filter((wave) => wave === index).length)).toEqual([2, 3, 1, 19]);
  expect(
    nodes
      .filter((_node, index) => assigned[index] === 0)
      .map(({ rank }) => rank)
      .toSorted(),
  ).toEqual(['0000', '0001']);
});

test('a wave with a selector takes those that it matches, and without a size all of them', () => {
  const nodes = ranked(6, (index) => [index < 2, index < 4, true]);
  const waves: Wave[] = [{ ...auto, select: 'a' }, { ...auto, select: 'b', size: { count: 9 } }, auto];
  expect(assignWaves(nodes, waves)).toEqual([0, 0, 1, 1, 2, 2]);
});

test('each node is in one wave, and no earlier wave has a higher rank than a later one that it matches', () => {
  const anyWave = fc.oneof(
    fc.record({ count: fc.integer({ min: 1, max: 20 }) }),
    fc.record({ percent: fc.integer({ min: 1, max: 100 }) }),
  );
  const holds = fc.property(fc.integer({ min: 1, max: 60 }), fc.array(anyWave, { maxLength: 4 }), (count, sizes) => {
    const nodes = ranked(count);
    const waves: Wave[] = [...sizes.map((size) => ({ ...auto, size })), auto];
    const assigned = assignWaves(nodes, waves);
    const byRank = nodes
      .map(({ rank }, index) => ({ rank, wave: assigned[index] ?? -1 }))
      .toSorted((one, other) => (one.rank < other.rank ? -1 : 1))
      .map(({ wave }) => wave);
    const inOrder = byRank.toSorted((one, other) => one - other);
    expect(byRank).toEqual(inOrder);
    expect(assigned.every((wave) => wave >= 0 && wave < waves.length)).toBe(true);
  });
  expect(() => fc.assert(holds)).not.toThrow();
});
