import type { Setting, SettingsTable, SettingValue } from './setting.js';

/** What a command line and its environment give. */
export interface Given {
  /** Flags by their names without dashes, as the command line's parser gives them. */
  args: Readonly<Record<string, unknown>>;
  env: Readonly<Record<string, string | undefined>>;
}

/**
 * What each setting of a table is, or its default.
 *
 * @throws UsageError for a value that cannot be intended.
 */
export function readSettings<Table extends SettingsTable>(
  table: Table,
  given: Given,
): { [Member in keyof Table]: SettingValue<Table[Member]> } {
  const values = Object.entries(table).map(([member, row]) => [member, readSetting(row, given)]);
  return Object.fromEntries(values) as ReturnType<typeof readSettings<Table>>;
}

/**
 * What one setting is, or its default.
 *
 * @throws UsageError for a value that cannot be intended.
 */
export function readSetting<Row extends Setting>(row: Row, given: Given): SettingValue<Row> {
  return valueOf(row, given) as SettingValue<Row>;
}

function valueOf({ name, default: preset, parse }: Setting, { args, env }: Given): unknown {
  // An empty variable is one that is not set, as for most programs.
  const value = name.startsWith('--') ? args[name.slice(2)] : env[name] || undefined;
  if (parse === undefined) return value === true;
  const text = typeof value === 'string' ? value : preset && 'text' in preset ? preset.text : undefined;
  return text === undefined ? undefined : parse(name, text);
}
