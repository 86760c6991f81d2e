import type { Setting, SettingsTable } from './setting.js';

type FlagOf<Row extends Setting> = Row['name'] extends `--${infer Flag}` ? Flag : never;

/** The flags of a table as the command line's parser takes them. */
export type FlagsOf<Table extends SettingsTable> = {
  [Member in keyof Table as FlagOf<Table[Member]>]: Table[Member] extends { parse: unknown } ? StringFlag : BooleanFlag;
};

interface StringFlag {
  type: 'string';
  description: string;
  valueHint?: string;
  default?: string;
  offers?: readonly string[] | string;
}

interface BooleanFlag {
  type: 'boolean';
  description: string;
}

/** What a command takes and its help says, by the rows of a table that are flags. */
export function flagsOf<const Table extends SettingsTable>(table: Table): FlagsOf<Table> {
  const rows = Object.values(table).filter(({ name }) => name.startsWith('--'));
  return Object.fromEntries(rows.map((row) => [row.name.slice(2), flagOf(row)])) as FlagsOf<Table>;
}

function flagOf({ description, valueHint, default: preset, parse, offers }: Setting): StringFlag | BooleanFlag {
  if (parse === undefined) return { type: 'boolean', description };
  const hint = { ...(valueHint !== undefined && { valueHint }), ...(offers !== undefined && { offers }) };
  if (preset === undefined) return { type: 'string', description, ...hint };
  return 'text' in preset
    ? { type: 'string', description, ...hint, default: preset.text }
    : { type: 'string', description: `${description} (default: ${preset.words})`, ...hint };
}
