import type { Secret } from '../values/secret.js';
import type { ConfigMistake } from './config-mistake.js';
import type { ParseValue } from './parse-value.js';
import type { RunnerConfig, Settings } from './runner-config.js';

/** What a setting decides. A check of `baserunner doctor` rests on the settings of some areas. */
export type SettingArea =
  | 'cloudly'
  | 'enrolment'
  | 'identity'
  | 'state'
  | 'supervisor'
  | 'status'
  | 'metrics'
  | 'commands'
  | 'updates'
  | 'pace'
  | 'log';

/** What `baserunner status` shows of a setting. */
export type ShownValue = string | number | boolean | undefined;

/** A value that can be shown as it is. */
export type PlainValue = string | number | boolean | URL | Secret;

/** One variable of the environment, as help and documentation show it. */
export interface Variable {
  name: string;
  /** What a value looks like; in a mistake's message it follows "expected:". */
  expected: string;
  /** What it is for, in a sentence without a full stop. */
  description: string;
  area: SettingArea;
  /** In words or as it would be written; absent where there is none. */
  default?: string;
  /** Its value is never shown; it may also come from a file, by the variable `<name>_FILE`. */
  secret?: true;
  /** The name it had in the Supervisor's earlier days, read where the new name is unset. */
  formerName?: string;
  /** Also read in lower case, which takes precedence, as in other programs. */
  alsoLowerCase?: true;
}

/** One row of the table of settings: all that the agent knows of a variable. */
export interface Setting extends Omit<Variable, 'default'> {
  default?: { value: unknown } | { words: string; from?: (earlier: Settings) => unknown };
  /** Of any but a secret, which is read by the rules of secrets. */
  parse?: ParseValue<unknown>;
  /** White space around the value is ignored. */
  whitespace?: 'harmless';
  /** The variable names a file of at most so many bytes; its content is what is parsed. */
  fileMaxBytes?: number;
  /** What `status` shows where the value is not plain. */
  show?(value: unknown, config: RunnerConfig): ShownValue;
  /** Which node needs it. Absent: every node. */
  neededBy?: ConfigMistake['neededBy'];
  /** It has no effect without `BASEOS_CLOUDLY_URL`, and a warning says so. */
  needsCloudly?: true;
  /** Whether it has an effect, given the other settings. Absent: always. */
  isUsed?: (config: ReadConfig) => boolean;
}

/** The settings and what they give together, before they are judged. */
export type ReadConfig = Omit<RunnerConfig, 'warnings' | 'mistakes'>;

/** A row for each member of the settings, by which the compiler finds one that is missing or does not fit. */
export type SettingsTable = {
  [Member in keyof Settings]-?: Setting &
    Reading<NonNullable<Settings[Member]>> &
    Showing<NonNullable<Settings[Member]>> &
    Defaulting<Member>;
};

/** A row of a secret says so. */
type Reading<Value> = [Value] extends [Secret]
  ? { secret: true; parse?: never }
  : { secret?: never; parse: ParseValue<Value> };

/** A value that is not plain needs its own words. */
type Showing<Value> = [Value] extends [PlainValue]
  ? { show?: never }
  : { show: (value: Value, config: RunnerConfig) => ShownValue };

/** A required value has a default, in words if the default depends on something else. */
type Defaulting<Member extends keyof Settings> = undefined extends Settings[Member]
  ? { default?: { words: string; from?: never } }
  : { default: { value: Settings[Member] } | { words: string; from: (earlier: Settings) => Settings[Member] } };
