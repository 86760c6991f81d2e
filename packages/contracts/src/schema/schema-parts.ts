import * as v from 'valibot';
import { hasMoreCharacters } from '../values/has-more-characters.js';
import { instant } from './instant.js';
import { isJsonObject } from '../values/is-json-object.js';
import { judgedBy } from './judged-by.js';
import { limits } from '../protocol/limits.js';

/** A union of the known values that also accepts future ones. */
export type OpenEnum<Known extends string> = Known | (string & {});

/**
 * `Parsed` without the index signatures that let unknown keys pass: what a writer may set, what a reader may rely on.
 * A plain record keeps its own.
 */
export type KnownKeys<Parsed> = Parsed extends string
  ? Parsed
  : Parsed extends readonly (infer Item)[]
    ? KnownKeys<Item>[]
    : Parsed extends object
      ? [NamedKey<Parsed>] extends [never]
        ? Parsed
        : { [Key in keyof Parsed as Key extends NamedKey<Parsed> ? Key : never]: KnownKeys<Parsed[Key]> }
      : Parsed;

type NamedKey<Parsed> = keyof { [Key in keyof Parsed as string extends Key ? never : Key]: true };

/** A word of this contract: writers send one of those that their version knows, while a reader lets any other pass. */
export function openEnum<const Known extends readonly string[]>(knownValues: Known) {
  return judgedBy(
    isWord,
    v.pipe(v.custom<OpenEnum<Known[number]>>(isWord, 'text'), v.metadata({ words: knownValues })),
  );
}

/** A foreign word, which writers pass on unchanged; known ones are listed for people. */
export function foreignWord<const Known extends readonly string[]>(knownValues: Known) {
  return judgedBy(
    isWord,
    v.pipe(v.custom<OpenEnum<Known[number]>>(isWord, 'text'), v.metadata({ examples: knownValues })),
  );
}

function isString(value: unknown): value is string {
  return typeof value === 'string';
}

function isWord(value: unknown): value is string {
  return isString(value) && value.length > 0;
}

/** An optional member that counts as absent if it cannot be read: the message is used without it. */
export function absentIfUnusable<const Schema extends v.GenericSchema>(schema: Schema) {
  return v.fallback(v.optional(schema), undefined);
}

/** A member that every writer sends, but without which a reader continues. */
export function sentAlways<Schema extends v.GenericSchema>(schema: Schema): Schema {
  return Object.assign(schema, { isSentAlways: true });
}

export const boolean = judgedBy((value) => typeof value === 'boolean', v.boolean());
export const anyText = judgedBy(isString, v.string());
/** An object of any members. */
export const members = judgedBy(isJsonObject, v.record(v.string(), v.unknown()));

const uuidPattern = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

export const uuid = judgedBy(
  (value) => isString(value) && v.UUID_REGEX.test(value),
  v.pipe(v.string(), v.uuid('uuid'), v.toLowerCase()),
  (value) => value.toLowerCase(),
);

const nodeIdPattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;

function withComparableUuid(nodeId: string): string {
  return uuidPattern.test(nodeId) ? nodeId.toLowerCase() : nodeId;
}

/** `[A-Za-z0-9][A-Za-z0-9._-]{0,127}`; a UUID comes out in lower case, so that it compares. */
export const nodeIdSchema = judgedBy(
  (value) => isString(value) && nodeIdPattern.test(value),
  v.pipe(v.string(), v.regex(nodeIdPattern, 'node-id'), v.transform(withComparableUuid)),
  withComparableUuid,
);

/** `[A-Za-z0-9][A-Za-z0-9._-]{0,127}`. */
export const cloudlyIdSchema = v.pipe(v.string(), v.regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/, 'cloudly-id'));

/** Base64url of 32 bytes, without padding. */
export const registrationKeySchema = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{43}$/, 'registration-key'));

const visibleAscii = /^[!-~]+$/;

/** Opaque to the node; visible ASCII, so that it fits a header (RFC 9110, 5.5). */
export const nodeTokenSchema = judgedBy(
  (value) => isString(value) && value.length <= limits.tokenMaxLength && visibleAscii.test(value),
  v.pipe(v.string(), v.regex(visibleAscii, 'visible-ascii'), v.maxLength(limits.tokenMaxLength, 'max-length')),
);

/** `v.maxLength`, of characters as JSON Schema counts them. */
function maxCharacters<const Max extends number>(max: Max): v.MaxLengthAction<string, Max, 'max-length'> {
  const action = v.maxLength<string, Max, 'max-length'>(max, 'max-length');
  const refuse = action['~run'];
  return Object.assign(action, {
    '~run': (dataset: v.OutputDataset<string, never>, config: v.Config<v.BaseIssue<unknown>>) =>
      dataset.typed && hasMoreCharacters(dataset.value, max) ? refuse.call(action, dataset, config) : dataset,
  });
}

/** A string of 1 to `max` characters. */
export function textOf<const Max extends number>(max: Max) {
  return judgedBy(
    (value) => isWord(value) && !hasMoreCharacters(value, max),
    v.pipe(v.string(), v.minLength(1, 'not-empty'), maxCharacters(max)),
  );
}

export const text = textOf(limits.textMaxLength);

export function isWholeNumber(min: number, max: number = Number.MAX_SAFE_INTEGER) {
  return (value: unknown): boolean => Number.isSafeInteger(value) && Number(value) >= min && Number(value) <= max;
}

export const count = judgedBy(isWholeNumber(0), v.pipe(v.number(), v.safeInteger('integer'), v.minValue(0, 'min')));
export const positiveCount = judgedBy(
  isWholeNumber(1),
  v.pipe(v.number(), v.safeInteger('integer'), v.minValue(1, 'min')),
);
export const durationMs = count;
export const percent = v.pipe(v.number(), v.minValue(0, 'min'), v.maxValue(100, 'max'));

/** The version of the protocol. */
export const protocol = v.literal(1, 'protocol');

/**
 * The common members of every answer of Cloudly: its ID and its time. An answer without the time is still an answer.
 */
export const answerEntries = {
  protocol,
  /** The ID of the Cloudly that answers. */
  cloudlyId: cloudlyIdSchema,
  /** Cloudly's clock, as an RFC 3339 instant in UTC. */
  serverTime: sentAlways(absentIfUnusable(instant)),
};

/** A duration that Cloudly chooses; what lies outside the limits is brought to the nearer one. */
function durationWithin(minimum: number, maximum: number) {
  return v.pipe(
    v.number(),
    v.finite('finite'),
    v.metadata({ writers: { type: 'integer', minimum, maximum } }),
    v.transform((askedMs) => Math.round(Math.min(maximum, Math.max(minimum, askedMs)))),
  );
}

/** Cloudly's pace for this node. */
export const heartbeatIntervalMs = durationWithin(limits.heartbeatIntervalMinMs, limits.heartbeatIntervalMaxMs);

/** How long Cloudly holds a request that waits to be woken. */
export const wakeWaitMs = durationWithin(limits.wakeWaitMinMs, limits.wakeWaitMaxMs);
