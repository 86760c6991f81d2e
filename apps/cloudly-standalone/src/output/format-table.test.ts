import { expect, test } from 'vitest';
import { createTable, formatTable } from './format-table.js';

test('columns are as wide as their widest cell', () => {
  expect(formatTable(['A', 'LONG'], [['long', 'b']])).toBe('A     LONG\nlong  b\n');
});

test('a table without rows has only its headings', () => {
  expect(formatTable(['A', 'B'], [])).toBe('A  B\n');
});

test('a table written in pieces has its headings once, and never gets narrower', () => {
  const table = createTable(['A', 'B']);
  expect(table.format([['long', 'b']])).toBe('A     B\nlong  b\n');
  expect(table.format([['c', 'd']])).toBe('c     d\n');
  expect(table.format([])).toBe('');
});

test('a table may have any number of rows', () => {
  const rows = Array.from({ length: 300_000 }, () => ['a', 'b']);
  expect(formatTable(['A', 'B'], rows).split('\n')).toHaveLength(300_002);
});
