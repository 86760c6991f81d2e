import { convert, number, oneOf, record, refine, text } from './codec.js';
import type { Codec } from './codec.js';

/** Text of at most 255 characters. */
export const shortText = refine(
  'ShortString',
  text,
  ({ length }: string) => length <= 255,
  'must be at most 255 chars long',
);

/** Text of at most 255 characters that matches the pattern. */
export function shortTextLike(name: string, pattern: RegExp, reason: string): Codec {
  return refine(name, shortText, (value: string) => pattern.test(value), reason);
}

/** A non-negative integer or its text, which becomes a number. */
export const numericIdentifier = convert(
  refine('NumericIdentifier', oneOf(number, text), isIdentifier, 'must be be an positive integer'),
  Number,
);

/** Text of one line. */
export const deviceName = refine(
  'DeviceName',
  shortText,
  (name: string) => !name.includes('\n'),
  'must not contain newline chars',
);

/** The name of a service, a volume or a network. */
export const dockerName = shortTextLike(
  'LabelName',
  /^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/,
  'only "[a-zA-Z0-9][a-zA-Z0-9_.-]" are allowed',
);

const configName = shortTextLike(
  'ConfigVarName',
  /^[a-zA-Z_][a-zA-Z0-9_:]*$/,
  "needs to start with a letter and may only contain alphanumeric characters plus '_' or ':'",
);

const variableName = shortTextLike(
  'EnvVarName',
  /^[a-zA-Z_][a-zA-Z0-9_]*$/,
  "needs to start with a letter and may only contain alphanumeric characters plus '_'",
);

const labelName = shortTextLike(
  'LabelName',
  /^[!#-&(-_a-~]+$/,
  'may contain printable ASCII characters except space, single/double quotes and backtick',
);

export const configVariables = record(configName, text);
export const environment = record(variableName, text);
export const labels = record(labelName, text);

/** Any object; its content is not checked. */
export function anyObject(name: string): Codec {
  return {
    name,
    read(input, path) {
      if (typeof input === 'object' && input !== null) return { ok: true, value: input };
      const reason = `Expected value to be an object of type ${name}, got: ${String(input)}`;
      return { ok: false, mismatches: [{ value: input, path, reason }] };
    },
  };
}

function isIdentifier(value: number | string): boolean {
  const whole = Number.parseInt(String(value), 10);
  return Number(value) === whole && whole >= 0;
}
