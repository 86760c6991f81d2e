import { UsageError } from '@serve.zone/baseos-command-line';
import { nearestName } from '@serve.zone/baseos-command-line/nearest-name';
import type { ListColumn, ListColumns } from './list-column.js';

/**
 * The columns that `--columns` names, in its order.
 *
 * @throws UsageError for one that there is not.
 */
export function chooseColumns<Item>(columns: ListColumns<Item>, typed: string): ListColumn<Item>[] {
  return typed.split(',').map((key) => findColumn(columns, key.trim()));
}

/** Those that are shown unless others are chosen. */
export function shownColumns<Item>(columns: ListColumns<Item>): ListColumn<Item>[] {
  return columns.shown.map((key) => findColumn(columns, key));
}

function findColumn<Item>({ all, find, family }: ListColumns<Item>, key: string): ListColumn<Item> {
  const column = all.find((each) => each.key === key || each.alias === key) ?? find?.(key);
  if (column) return column;
  const keys = all.map((each) => each.key);
  const nearest = nearestName(key, keys);
  const hint =
    nearest === undefined
      ? `There are: ${[...keys, ...(family === undefined ? [] : [family])].join(', ')}.`
      : `Did you mean "${nearest}"?`;
  throw new UsageError(`There is no column "${key}". ${hint}`);
}
