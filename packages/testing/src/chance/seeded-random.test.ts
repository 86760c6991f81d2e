import fc from 'fast-check';
import { expect, test } from 'vitest';
import { between, seededRandom } from './seeded-random.js';

function draw(seed: number) {
  const random = seededRandom(seed);
  return Array.from({ length: 1000 }, () => between(random, 1, 4));
}

test('is the same for the same seed, and different for another', () => {
  expect(draw(1)).toEqual(draw(1));
  expect(draw(1)).not.toEqual(draw(2));
});

test('yields every whole number of the range and no other, whatever the seed', () => {
  fc.assert(
    fc.property(fc.nat(), (seed) => {
      expect(new Set(draw(seed))).toEqual(new Set([1, 2, 3, 4]));
    }),
  );
});
