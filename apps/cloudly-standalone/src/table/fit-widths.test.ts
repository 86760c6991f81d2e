import fc from 'fast-check';
import { expect, test } from 'vitest';
import { COLUMN_GAP, fitWidths } from './fit-widths.js';

test('columns that fit keep their widths', () => {
  expect(fitWidths([{ natural: 10, min: 2 }, { natural: 8 }], 20)).toEqual([10, 8]);
});

test('the one that may give most gives first', () => {
  expect(fitWidths([{ natural: 30, min: 10 }, { natural: 8 }, { natural: 12, min: 6 }], 40)).toEqual([16, 8, 12]);
});

test('none gives more than it may, and the line is as wide as it can be', () => {
  const column = fc.record({ natural: fc.nat(60), min: fc.option(fc.nat(60), { nil: undefined }) });
  fc.assert(
    fc.property(fc.array(column, { minLength: 1, maxLength: 8 }), fc.nat(200), (columns, width) => {
      const widths = fitWidths(columns, width);
      const lineOf = (each: readonly number[]): number =>
        each.reduce((sum, one) => sum + one, 0) + COLUMN_GAP * (each.length - 1);
      const least = columns.map(({ natural, min = natural }) => Math.min(natural, min));
      widths.forEach((one, index) => {
        expect(one).toBeGreaterThanOrEqual(least[index] ?? 0);
        expect(one).toBeLessThanOrEqual(columns[index]?.natural ?? 0);
      });
      const natural = lineOf(columns.map((each) => each.natural));
      expect(lineOf(widths)).toBe(Math.min(natural, Math.max(width, lineOf(least))));
    }),
  );
});
