import type { Setting, SettingArea, Variable } from './setting.js';
import { settings } from './settings.js';

export type VariableName = (typeof settings)[keyof typeof settings]['name'];

/** The table's rows, whatever their values are. */
export const rows: readonly (Setting & { name: VariableName })[] = Object.values(settings);

/** Every variable that a person sets or the Supervisor gives, in the order in which they are explained. */
export const variables: readonly (Variable & { name: VariableName })[] = rows.map((row) => ({
  name: row.name,
  expected: row.expected,
  description: row.description,
  area: row.area,
  ...(row.default && { default: inWords(row.default) }),
  ...(row.secret && { secret: row.secret }),
  ...(row.formerName !== undefined && { formerName: row.formerName }),
  ...(row.alsoLowerCase && { alsoLowerCase: row.alsoLowerCase }),
}));

/** Every name under which a setting may be given today: its variable, and that of a file that holds a secret. */
export function namesOf({ name, secret }: Pick<Variable, 'name' | 'secret'>): string[] {
  return secret ? [name, `${name}_FILE`] : [name];
}

/** The names of the settings that decide these things. */
export function variablesIn(...areas: readonly SettingArea[]): string[] {
  return rows.filter(({ area }) => areas.includes(area)).flatMap(namesOf);
}

/** The setting that a variable gives, by its value or by a file. */
export function settingOf(variable: string): Setting | undefined {
  return rows.find((row) => namesOf(row).includes(variable));
}

function inWords(preset: NonNullable<Setting['default']>): string {
  if ('words' in preset) return preset.words;
  return typeof preset.value === 'boolean' ? String(Number(preset.value)) : String(preset.value);
}
