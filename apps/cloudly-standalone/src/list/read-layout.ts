import { UsageError } from '@serve.zone/baseos-command-line';
import type { CommandContext } from '../command/command-context.js';
import { COLUMNS } from '../terminal/terminal.js';
import { chooseColumns, shownColumns } from './choose-columns.js';
import type { ListColumn, ListColumns } from './list-column.js';
import type { ListArguments } from './list-flags.js';
import { csvFormat, jsonFormat, type ListFormat, tableFormat } from './list-format.js';

/** How a command line asks for a list. */
export interface ListLayout<Item> {
  format: ListFormat<Item>;
  isTable: boolean;
  isPaged: boolean;
}

/**
 * Call it before anything is read.
 *
 * @param view an item for programs
 * @throws UsageError for a column that there is not, and for flags that exclude each other.
 */
export function readLayout<Item>(
  { terminal }: Pick<CommandContext, 'terminal'>,
  args: ListArguments,
  columns: ListColumns<Item>,
  view: (item: Item) => unknown,
): ListLayout<Item> {
  if (args.json && args.csv) throw new UsageError('--json and --csv cannot be used together. Give one of them.');
  if (args.json && args.columns !== undefined) {
    throw new UsageError('--columns is for tables and CSV: --json always has everything.');
  }
  const nowMs = Date.now();
  const chosen = chosenColumns(args, columns);
  if (args.json) return { format: jsonFormat(view), isTable: false, isPaged: false };
  if (args.csv) return { format: csvFormat(chosen, nowMs), isTable: false, isPaged: false };
  const width = args.wide ? undefined : (terminal.columns ?? COLUMNS);
  return { format: tableFormat(chosen, nowMs, width), isTable: true, isPaged: args.pager !== false };
}

function chosenColumns<Item>(
  { columns: typed, csv, wide }: ListArguments,
  columns: ListColumns<Item>,
): readonly ListColumn<Item>[] {
  if (typed !== undefined) return chooseColumns(columns, typed);
  return csv || wide ? columns.all : shownColumns(columns);
}
