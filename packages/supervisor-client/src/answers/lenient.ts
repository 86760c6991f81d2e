import * as v from 'valibot';

/** An optional value: absent if it is null, missing or of an unexpected type. */
export function lenient<Output>(schema: v.GenericSchema<unknown, Output>) {
  return v.fallback(v.optional(schema), undefined);
}

/** A list. Unexpected members are left out one by one. */
export function lenientList<Output>(schema: v.GenericSchema<unknown, Output>) {
  return v.pipe(
    v.custom<unknown[]>(Array.isArray),
    v.transform((items) => items.flatMap((item) => parsedOrNone(schema, item))),
  );
}

/** The members of an object as pairs of key and value. Unexpected values are left out one by one. */
export function lenientEntries<Output>(schema: v.GenericSchema<unknown, Output>) {
  return v.pipe(
    anyObject,
    v.transform((members) =>
      Object.entries(members).flatMap(([key, member]) =>
        parsedOrNone(schema, member).map((output): [key: string, value: Output] => [key, output]),
      ),
    ),
  );
}

/** Any JSON object, but not a list. */
export const anyObject = v.custom<Record<string, unknown>>(
  (input) => typeof input === 'object' && input !== null && !Array.isArray(input),
);

/** An object whose values are strings. Other values are left out one by one. */
export const textsByName = v.pipe(
  lenientEntries(v.string()),
  v.transform((entries): Record<string, string> => Object.fromEntries(entries)),
);

export const text = v.string();
export const optionalText = lenient(text);
export const integer = v.pipe(v.number(), v.safeInteger());
/** An ID in digits, as Supervisors before 7 send it. */
export const idInDigits = v.pipe(v.string(), v.regex(/^\d+$/), v.transform(Number), v.safeInteger());
export const percent = lenient(v.pipe(v.number(), v.minValue(0), v.maxValue(100)));

export const versionText = v.pipe(
  v.string(),
  v.transform((version) => version.trim().replace(/^v/i, '')),
  v.nonEmpty(),
);

function parsedOrNone<Output>(schema: v.GenericSchema<unknown, Output>, input: unknown): Output[] {
  if (isHopeless(schema, input)) return [];
  const { issues, value } = schema['~run']({ value: input }, firstIssueOnly);
  return issues ? [] : [value];
}

/** One issue is enough to leave a value out. */
const firstIssueOnly = { abortEarly: true };

const typesOfValues: Readonly<Record<string, string>> = {
  string: 'string',
  number: 'number',
  boolean: 'boolean',
  object: 'object',
  loose_object: 'object',
};

/** Whether a value is obviously wrong. This keeps a list of a million such values cheap. */
function isHopeless(schema: v.GenericSchema, input: unknown): boolean {
  const { type, entries } = schema as { type: string; entries?: Record<string, v.GenericSchema> };
  const expected = typesOfValues[type];
  if (expected === undefined) return false;
  if (typeof input !== expected || input === null) return true;
  for (const key in entries) {
    const entry = entries[key];
    if (entry && entry.type !== 'optional' && !('fallback' in entry) && !(key in (input as object))) return true;
  }
  return false;
}

type OptionalKey<Value> = { [Key in keyof Value]: undefined extends Value[Key] ? Key : never }[keyof Value];

type WithoutAbsent<Value> = Omit<Value, OptionalKey<Value>> & {
  [Key in OptionalKey<Value>]?: Exclude<Value[Key], undefined>;
};

/** Removes members that are undefined, so that an absent value has no key. */
export function withoutAbsent<Value extends object>(value: Value): WithoutAbsent<Value> {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as WithoutAbsent<Value>;
}
