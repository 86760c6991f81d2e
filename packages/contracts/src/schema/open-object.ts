import * as v from 'valibot';
import { isJsonObject } from '../values/is-json-object.js';
import { judgeOf } from './judged-by.js';

/**
 * `v.looseObject` without two of its costs: what a sender adds to the named members is not copied member by member, and an
 * array is no object. So a message costs its reader what its named members cost, however many others it has.
 *
 * The output is the input itself where no named member was changed.
 */
export function openObject<const Entries extends v.ObjectEntries>(
  entries: Entries,
): v.LooseObjectSchema<Entries, undefined> {
  type Output = v.InferOutput<v.LooseObjectSchema<Entries, undefined>>;
  const readAtOnce = readerOf(entries);
  const named = v.object(entries);
  return Object.assign(v.looseObject(entries), {
    '~run': ({ value }: v.UnknownDataset, config: Config) => {
      const output = readAtOnce(value, config);
      if (output) return { typed: true as const, value: output as Output };
      // A value that cannot be read directly is explained, or completed.
      const dataset = named['~run']({ value: Array.isArray(value) ? null : value }, config);
      return dataset.typed ? { ...dataset, value: { ...(value as object), ...dataset.value } } : dataset;
    },
  });
}

type Config = v.Config<v.BaseIssue<unknown>>;

/** Reads the named members; gives nothing as soon as one of them has an issue, or a default to be put in. */
function readerOf(entries: v.ObjectEntries) {
  const parts = Object.entries(entries).map(([key, schema]) => partOf(key, schema as v.GenericSchema));
  return (value: unknown, config: Config): Record<string, unknown> | undefined => {
    if (!isJsonObject(value)) return undefined;
    let output = value;
    for (const { key, read, mayBeAbsent } of parts) {
      const member = value[key];
      if (member === undefined) {
        if (mayBeAbsent && !(key in value)) continue;
        return undefined;
      }
      const outcome = read(member, config);
      if (outcome === ISSUE) return undefined;
      if (outcome === member) continue;
      if (output === value) output = { ...value };
      output[key] = outcome;
    }
    return output;
  };
}

const ISSUE = Symbol('issue');

function partOf(key: string, schema: v.GenericSchema) {
  const {
    type,
    wrapped,
    default: byDefault,
  } = schema as { type: string; wrapped?: v.GenericSchema; default?: unknown };
  const isOptional = type === 'optional';
  // A fallback is part of the schema that has it, and not of what that wraps.
  const judge = judgeOf(isOptional && wrapped && !('fallback' in schema) ? wrapped : schema);
  return {
    key,
    mayBeAbsent: isOptional && byDefault === undefined,
    read: (member: unknown, config: Config): unknown => {
      if (judge) return judge.isGood(member) ? judge.toOutput(member) : ISSUE;
      const { issues, value } = schema['~run']({ value: member }, config);
      return issues ? ISSUE : value;
    },
  };
}
