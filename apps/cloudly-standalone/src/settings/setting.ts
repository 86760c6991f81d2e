/** A flag of the command line, or a variable of the environment. */
export type SettingName = `--${string}` | `CLOUDLY_${string}` | `BASEOS_${string}`;

/** One row of a table of settings: all that the server knows of a setting. */
export interface Setting {
  name: SettingName;
  /** What it is for, in words without a full stop. */
  description: string;
  /** What stands for the value in help. */
  valueHint?: string;
  /** What completion offers as its value. */
  offers?: readonly string[] | 'files';
  /** As it would be written, or in words if that is not possible. */
  default?: { text: string } | { words: string };
  /** Its value may contain a secret: no message repeats it. */
  secret?: true;
  /**
   * What a text means; absent for a flag that takes no value.
   *
   * @throws UsageError that names the setting
   */
  parse?: (name: string, text: string) => unknown;
}

/** Rows by the member of the values that each gives. */
export type SettingsTable = Readonly<Record<string, Setting>>;

/** What a setting gives; `undefined` if it is not given and has no default. */
export type SettingValue<Row extends Setting> = Row extends { parse: (name: string, text: string) => infer Value }
  ? Row extends { default: { text: string } }
    ? Value
    : Value | undefined
  : boolean;
