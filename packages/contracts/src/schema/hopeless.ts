import type * as v from 'valibot';
import { isJsonObject } from '../values/is-json-object.js';
import { judgeOf } from './judged-by.js';

/** What there is in schemas that have parts. */
interface SchemaParts {
  type: string;
  entries?: Record<string, v.GenericSchema>;
  wrapped?: v.GenericSchema;
}

/**
 * A quick test for values that the schema rejects; if it finds nothing, the schema itself must decide. It looks at
 * members that the schema names and at nothing else, and explains nothing, so that dropped values cost little.
 */
export function hopeless(schema: v.GenericSchema): (value: unknown) => boolean {
  const judge = judgeOf(schema);
  if (judge) return (value) => !judge.isGood(value);
  if ('fallback' in schema) return () => false;
  const { type, entries, wrapped } = schema as SchemaParts;
  if (type === 'optional' && wrapped) {
    const isHopeless = hopeless(wrapped);
    return (value) => value !== undefined && isHopeless(value);
  }
  if (!entries) return (value) => value === undefined;
  const glances = Object.entries(entries).map(([key, entry]) => ({ key, isHopeless: hopeless(entry) }));
  return (value) => {
    if (!isJsonObject(value)) return true;
    for (const { key, isHopeless } of glances) if (isHopeless(value[key])) return true;
    return false;
  };
}
