import { expect, test } from 'vitest';
import { createTable, type TableColumn } from './create-table.js';

function columns(...headings: string[]): TableColumn[] {
  return headings.map((heading) => ({ heading }));
}

test('columns are as wide as their widest cell', () => {
  expect(createTable(columns('A', 'LONG'), undefined).format([['long', 'b']])).toBe('A     LONG\nlong  b\n');
});

test('a table without rows has only its headings', () => {
  expect(createTable(columns('A', 'B'), 80).format([])).toBe('A  B\n');
});

test('a table written in pieces has its headings once, and without a width never gets narrower', () => {
  const table = createTable(columns('A', 'B'), undefined);
  expect(table.format([['long', 'b']])).toBe('A     B\nlong  b\n');
  expect(table.format([['c', 'd']])).toBe('c     d\n');
  expect(table.format([])).toBe('');
});

test('a table in lines of a width keeps the widths of its first piece', () => {
  const table = createTable([{ heading: 'NAME', min: 4 }, { heading: 'STATE' }], 14);
  expect(table.format([['shop-a-till', 'online']])).toBe('NAME    STATE\nsho…ll  online\n');
  expect(table.format([['東京店舗一', 'never-seen']])).toBe('東…一   nev…en\n');
});

test('cells cannot break a line or reach the terminal', () => {
  expect(createTable(columns('A'), undefined).format([['a\n\u001b[2J']])).toBe('A\na\\n\\u001b[2J\n');
});

test('a table may have any number of rows', () => {
  const rows = Array.from({ length: 300_000 }, () => ['a', 'b']);
  expect(createTable(columns('A', 'B'), undefined).format(rows).split('\n')).toHaveLength(300_002);
});
