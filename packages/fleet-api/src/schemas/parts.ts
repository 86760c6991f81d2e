import type { Actor } from '@serve.zone/baseos-cloudly-handlers';
import * as v from 'valibot';

export const text = v.string();
export const flag = v.boolean();
export const wholeNumber = v.pipe(v.number(), v.safeInteger());
export const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
/** Milliseconds since 1970. */
export const instant = count;

/** A member that may be absent. */
export function maybe<const Schema extends v.GenericSchema>(schema: Schema) {
  return v.exactOptional(schema);
}

/** The same schema, with what its values mean, for the document of the API. */
export function says<const Schema extends v.GenericSchema>(schema: Schema, description: string) {
  return v.pipe(schema, v.description(description));
}

/** A word, of which a newer node or server may have others than those that are known. */
export function word<Word extends string>() {
  return v.custom<Word>((value) => typeof value === 'string', 'text');
}

/** Who caused a change, as `kind:name`. */
export const actor = word<Actor>();

export const updatesMode = v.picklist(['free', 'gated', 'own']);

/** What the protocol describes: an object, or a word. `name` is that of its schema in the document of the protocol. */
export function ofProtocol<Described>(name: string) {
  return v.pipe(
    v.custom<Described>((value) => value !== undefined && value !== null, name),
    v.metadata({ ofProtocol: name }),
  );
}

/** Any keys: `v.record` would leave out those that objects have from the start, such as `constructor`, which is a good label. */
function recordOf<Value>(value: v.GenericSchema<Value>) {
  return v.pipe(
    v.custom<Record<string, Value>>(
      (candidate) => isJsonObject(candidate) && Object.values(candidate).every((each) => v.is(value, each)),
      'values',
    ),
    v.metadata({ recordOf: value }),
  );
}

function isJsonObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export const labels = recordOf(text);
/** `null` removes a label. */
export const labelChanges = recordOf(v.nullable(text));
export const anyMembers = recordOf(v.unknown());
