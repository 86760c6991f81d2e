import type * as v from 'valibot';
import { limits } from '../protocol/limits.js';

export interface Judge {
  isGood: (value: unknown) => boolean;
  toOutput: (value: unknown) => unknown;
}

const judges = new WeakMap<object, Judge>();

/** Enough that what is left of a text which is too long still is, whatever its characters are. */
const EXPLAINED_MAX_LENGTH = 2 * limits.textMaxLength + 2;

/**
 * Judges the values of a schema by one test; the schema itself only explains failures: in a list of
 * a hundred thousand items, building an explanation for each would cost more than reading the message.
 *
 * @param isGood must say what the schema says.
 * @param toOutput what becomes of a good value, @default the value itself
 */
export function judgedBy<Schema extends v.GenericSchema>(
  isGood: (value: unknown) => boolean,
  schema: Schema,
  toOutput: (value: v.InferInput<Schema>) => unknown = (value) => value,
): Schema {
  const explain = schema['~run'];
  const judged = Object.assign(schema, {
    '~run': ({ value }: v.UnknownDataset, config: v.Config<v.BaseIssue<unknown>>) =>
      isGood(value)
        ? { typed: true, value: toOutput(value as v.InferInput<Schema>) }
        : explain.call(schema, { value: briefly(value) }, config),
  });
  judges.set(judged, { isGood, toOutput });
  return judged;
}

/** Enough of a refused value to explain it: of a long string its start. To valibot an array is an object, too. */
function briefly(value: unknown): unknown {
  if (typeof value === 'string') return value.slice(0, EXPLAINED_MAX_LENGTH);
  return Array.isArray(value) ? null : value;
}

/** How a schema judges that has a test: whether a value is good, and what becomes of it. */
export function judgeOf(schema: v.GenericSchema): Judge | undefined {
  return judges.get(schema);
}
