import { array, assert, double, nat, property } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isStorageLow, storageStep } from './storage-step.js';

const percent = double({ min: 0, max: 100, noNaN: true });
/** The steps that these values come to, one after the other. */
function steps(values: readonly number[]): (number | undefined)[] {
  let before: number | undefined;
  return values.map((value) => (before = storageStep(value, before)));
}

describe('free storage', () => {
  test('is in steps of five percent, rounded down', () => {
    expect([0, 4.9, 5, 49.9, 50, 100].map((value) => storageStep(value))).toEqual([0, 0, 5, 45, 50, 100]);
    expect([-1, 101].map((value) => storageStep(value))).toEqual([0, 100]);
  });

  test('goes down at a border, and up only well above one', () => {
    expect(steps([51, 49.9, 50.1, 49.9, 51.9, 52, 51, 49])).toEqual([50, 45, 45, 45, 45, 50, 50, 45]);
  });

  test('counts as nearly used up below ten percent, until fifteen are free', () => {
    expect(steps([11, 9.9, 10.1, 14.9, 15, 14.9, 10, 9])).toEqual([10, 5, 5, 5, 15, 10, 10, 5]);
    expect(steps([1, 5, 6.9, 7, 14.9, 15])).toEqual([0, 0, 0, 5, 5, 15]);
  });

  test('does not go to and fro with a value that changes by less than two percent', () => {
    assert(
      property(percent, array(double({ min: 0, max: 1.9, noNaN: true })), (base, changes) => {
        const seen = steps(changes.map((change) => base + change));
        expect(new Set(seen).size).toBeLessThanOrEqual(2);
        expect(seen).toEqual(seen.toSorted((one, other) => (other ?? 0) - (one ?? 0)));
      }),
    );
  });

  test('is never told as more than it is, and never ten percent less', () => {
    assert(
      property(array(percent, { minLength: 1 }), (values) => {
        for (const [index, step = -1] of steps(values).entries()) {
          const value = values[index] ?? -1;
          expect(step % 5).toBe(0);
          expect(step).toBeLessThanOrEqual(value);
          expect(value - step).toBeLessThan(step < 10 ? 15 : 7);
        }
      }),
    );
  });

  test('is low from below ten percent to fifteen, as if that were remembered', () => {
    assert(
      property(array(nat(30), { minLength: 1 }), (values) => {
        let isLow = (values[0] ?? 0) < 10;
        const expected = values.map((value) => (isLow = isLow ? value < 15 : value < 10));
        expect(steps(values).map(isStorageLow)).toEqual(expected);
      }),
    );
  });
});
