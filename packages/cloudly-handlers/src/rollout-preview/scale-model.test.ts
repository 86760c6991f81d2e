import { howMany } from '@serve.zone/baseos-testing/chance/how-many';
import { array, assert, integer, nat, property, record } from 'fast-check';
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { defaultLimits } from '../rollouts/defaults.js';
import { groupBy } from './group-by.js';
import { scaleModel } from './scale-model.js';

function membersIn(sizes: readonly number[], waveOf: (index: number) => number = () => 0) {
  return sizes.flatMap((size, group) =>
    Array.from({ length: size }, (_none, index) => ({
      group: `g${group}`,
      wave: waveOf(index),
      rank: createHash('sha256').update(`${group}/${index}`).digest('hex').slice(0, 16),
    })),
  );
}

test('a few members are all in the model', () => {
  const members = membersIn([5, 3]);
  expect(scaleModel(members, defaultLimits(8), 10)).toEqual({ members, limits: defaultLimits(8), stretch: 1 });
});

test('of many, a share of each wave is, and the limit with them', () => {
  const members = membersIn([100_000], (index) => (index === 0 ? 0 : index < 10_000 ? 1 : 2));
  const { members: chosen, limits, stretch } = scaleModel(members, { ...defaultLimits(100_000), maxInFlight: 50 });
  const counts = [0, 1, 2].map((wave) => chosen.filter((member) => member.wave === wave).length);
  expect(counts[0]).toBe(1);
  expect((counts[1] ?? 0) / 200).toBeCloseTo(1, 0);
  expect((counts[2] ?? 0) / 1800).toBeCloseTo(1, 0);
  expect(limits.maxInFlight).toBe(1);
  expect(stretch).toBeCloseTo(1, 1);
});

test('where less than one would be at it at a time, each takes longer', () => {
  const { limits, stretch } = scaleModel(membersIn([20_000]), { ...defaultLimits(20_000), maxInFlight: 2 });
  expect(limits.maxInFlight).toBe(1);
  expect(stretch).toBeCloseTo(5, 0);
});

test('with a limit for each group, whole groups are, with the largest one', () => {
  const sizes = [900, ...Array.from({ length: 500 }, () => 20)];
  const perGroup = { label: 'site', max: 2 };
  const { members: chosen, limits } = scaleModel(membersIn(sizes), { ...defaultLimits(10_000), perGroup });
  const ofGroups = [...groupBy(chosen, ({ group }) => group).values()].map(({ length }) => length);
  expect(ofGroups).toContain(900);
  expect(new Set(ofGroups)).toEqual(new Set([900, 20]));
  expect(limits.perGroup).toEqual(perGroup);
});

test('where one group is most of it, its limit is scaled, too', () => {
  const perGroup = { label: 'site', max: 10 };
  const { limits } = scaleModel(membersIn([9000, 1000]), { ...defaultLimits(10_000), perGroup });
  expect(limits.perGroup).toEqual({ label: 'site', max: 2 });
});

test('a model has members of every wave, is not much too large, and takes as long for a member', () => {
  const any = record({
    sizes: array(integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 20 }),
    maxInFlight: integer({ min: 1, max: 100 }),
    perGroup: nat(3),
    waves: integer({ min: 1, max: 5 }),
  });
  assert(
    property(any, ({ sizes, maxInFlight, perGroup, waves }) => {
      const members = membersIn(sizes, (index) => index % waves);
      const groups = perGroup === 0 ? {} : { perGroup: { label: 'site', max: perGroup } };
      const {
        members: chosen,
        limits,
        stretch,
      } = scaleModel(members, { ...defaultLimits(1), maxInFlight, ...groups }, 200);
      expect(chosen.length).toBeLessThanOrEqual(Math.min(members.length, 300));
      expect(new Set(chosen).size).toBe(chosen.length);
      expect(new Set(chosen.map(({ wave }) => wave))).toEqual(new Set(members.map(({ wave }) => wave)));
      const [before, after] = [members.length / maxInFlight, (chosen.length * stretch) / limits.maxInFlight];
      expect(after).toBeCloseTo(before, 6);
    }),
    { numRuns: howMany(40, 200) },
  );
});
