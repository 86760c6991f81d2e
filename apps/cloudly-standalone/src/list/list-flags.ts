import { jsonFlag } from '../output/write-json.js';
import type { ListColumns } from './list-column.js';

/** Of every command that lists. */
export const listFlags = {
  json: jsonFlag,
  csv: { type: 'boolean', description: 'Print the result as CSV' },
  columns: { type: 'string', valueHint: 'names', description: 'Which columns to show, separated by commas' },
  wide: { type: 'boolean', description: 'Show all columns, however long the lines are' },
  pager: { type: 'boolean', default: true, description: 'Do not show the table page by page' },
} as const;

/** `--columns` where its values are known. */
export function columnsFlag<Item>({ all }: ListColumns<Item>) {
  return { ...listFlags.columns, offers: all.map(({ key }) => key), isList: true } as const;
}

export interface ListArguments {
  json?: boolean | undefined;
  csv?: boolean | undefined;
  columns?: string | undefined;
  wide?: boolean | undefined;
  pager?: boolean | undefined;
}
