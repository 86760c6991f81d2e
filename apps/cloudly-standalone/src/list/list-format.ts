import { escapeControls } from '@serve.zone/baseos-command-line';
import { formatCsvRecord } from '@serve.zone/baseos-fleet-api';
import { createTable } from '../table/create-table.js';
import type { ListColumn } from './list-column.js';

/** The text of a list, page by page. */
export interface ListFormat<Item> {
  page: (items: readonly Item[]) => string;
  end: () => string;
}

/** For programs: one array on one line. */
export function jsonFormat<Item>(view: (item: Item) => unknown): ListFormat<Item> {
  let before = '[';
  return {
    page: (items) => {
      if (items.length === 0) return '';
      const text = before + items.map((item) => escapeControls(JSON.stringify(view(item)))).join(',');
      before = ',';
      return text;
    },
    end: () => (before === '[' ? '[]\n' : ']\n'),
  };
}

/** For spreadsheets: the keys of the columns, and a record for each item. */
export function csvFormat<Item>(columns: readonly ListColumn<Item>[], nowMs: number): ListFormat<Item> {
  let heading = formatCsvRecord(columns.map(({ key }) => key));
  return {
    page: (items) => {
      const records = items.map((item) =>
        formatCsvRecord(columns.map((column) => (column.value ? column.value(item) : fullText(column, item, nowMs)))),
      );
      const text = heading + records.join('');
      heading = '';
      return text;
    },
    end: () => heading,
  };
}

/** For people. */
export function tableFormat<Item>(
  columns: readonly ListColumn<Item>[],
  nowMs: number,
  width: number | undefined,
): ListFormat<Item> {
  const cellOf = width === undefined ? fullText : shortText;
  const table = createTable(
    columns.map(({ key, heading = key.toUpperCase(), min, isSentence }) => ({ heading, min, isSentence })),
    width,
  );
  return {
    page: (items) => table.format(items.map((item) => columns.map((column) => cellOf(column, item, nowMs)))),
    end: () => '',
  };
}

function fullText<Item>({ full, text }: ListColumn<Item>, item: Item, nowMs: number): string {
  return full ? full(item) : text(item, nowMs);
}

function shortText<Item>({ text }: ListColumn<Item>, item: Item, nowMs: number): string {
  return text(item, nowMs);
}
