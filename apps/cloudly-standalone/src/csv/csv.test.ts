import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatCsvRecord, withoutGuard } from '@serve.zone/baseos-fleet-api';
import { CsvError, parseCsv } from './parse-csv.js';

test.each([
  [['till-7', 3, true, undefined], 'till-7,3,true,\n'],
  [['a,b', 'a"b', 'a\nb'], '"a,b","a""b","a\nb"\n'],
  [['=1+1', '+1', '-1', '@a', '\ta'], "'=1+1,'+1,'-1,'@a,'\ta\n"],
  [['\ra'], '"\'\ra"\n'],
  [["it's", "'a", "'=a"], "it's,'a,''=a\n"],
])('%j is written as %j', (cells, text) => {
  expect(formatCsvRecord(cells)).toBe(text);
});

describe('a CSV file', () => {
  test.each([
    ['', []],
    ['a,b', [{ line: 1, cells: ['a', 'b'] }]],
    ['\uFEFFa,b\r\n', [{ line: 1, cells: ['a', 'b'] }]],
    [
      'a\rb\n',
      [
        { line: 1, cells: ['a'] },
        { line: 2, cells: ['b'] },
      ],
    ],
    [
      '\n\n,\n\na\n',
      [
        { line: 3, cells: ['', ''] },
        { line: 5, cells: ['a'] },
      ],
    ],
    [
      '"a\nb\r\nc",d\ne',
      [
        { line: 1, cells: ['a\nb\r\nc', 'd'] },
        { line: 4, cells: ['e'] },
      ],
    ],
    ['"a""b","",', [{ line: 1, cells: ['a"b', '', ''] }]],
  ])('%j is read', (text, records) => {
    expect(parseCsv(text)).toEqual(records);
  });

  test.each([
    ['a\nb,"c\n\nd', 'The cell that begins in line 2 has no quotation mark at its end'],
    ['a\n"b"c', 'Line 2 has text after the quotation mark at the end of a cell'],
    ['a\n\nb"c', 'Line 3 has a quotation mark in a cell that does not begin with one'],
  ])('%j is none, and the line is named', (text, message) => {
    expect(() => parseCsv(text)).toThrow(new CsvError(message));
  });

  test('is read as it was written, and no cell of it is a formula', () => {
    const cell = fc.oneof(fc.string(), fc.stringMatching(/^'*[=+\-@\t\r]?[\s\S]?$/));
    const rows = fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { maxLength: 5 });
    fc.assert(
      fc.property(rows, (written) => {
        const records = parseCsv(written.map(formatCsvRecord).join(''));
        expect(records.map(({ cells }) => cells.map(withoutGuard))).toEqual(written);
        for (const { cells } of records) expect(cells.filter((each) => /^[=+\-@\t\r]/.test(each))).toEqual([]);
      }),
    );
  });

  test('of any kind is read or refused', () => {
    const outcome = (text: string): boolean => {
      try {
        return parseCsv(text).every(({ line }) => line > 0);
      } catch (error) {
        return error instanceof CsvError;
      }
    };
    fc.assert(
      fc.property(fc.stringMatching(/^[ab,"\r\n]*$/), (text) => {
        expect(outcome(text)).toBe(true);
      }),
    );
  });
});
