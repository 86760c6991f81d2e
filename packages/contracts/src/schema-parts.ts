import * as v from 'valibot';
import { instant } from './instant.js';
import { limits } from './limits.js';

/** A union of the values known today that lets tomorrow's values pass. */
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

/** A string whose known values are listed for people and for JSON Schema, while any other passes. */
export const openEnum = <const Known extends readonly string[]>(knownValues: Known) =>
  v.pipe(
    v.custom<OpenEnum<Known[number]>>((input) => typeof input === 'string' && input.length > 0, 'text'),
    v.metadata({ examples: knownValues }),
  );

/**
 * A list that drops an item it cannot read and keeps the others, and that ends at `maxItems`: one bad item of a newer or
 * faulty writer must not cost the message.
 */
export const tolerantList = <const Item extends v.GenericSchema>(
  item: Item,
  maxItems: number = Number.POSITIVE_INFINITY,
) =>
  v.pipe(
    v.array(v.unknown()),
    v.metadata({ items: item, ...(Number.isFinite(maxItems) && { maxItems }) }),
    v.transform((candidates): v.InferOutput<Item>[] => {
      const items: v.InferOutput<Item>[] = [];
      for (const candidate of candidates) {
        if (items.length === maxItems) break;
        const result = v.safeParse(item, candidate);
        if (result.success) items.push(result.output);
      }
      return items;
    }),
  );

/** An optional member that counts as absent when it cannot be read: the message is used without it. */
export const absentIfUnusable = <const Schema extends v.GenericSchema>(schema: Schema) =>
  v.fallback(v.optional(schema), undefined);

export const uuid = v.pipe(v.string(), v.uuid('uuid'), v.toLowerCase());

/** `[A-Za-z0-9][A-Za-z0-9._-]{0,127}`; a UUID comes out in lower case, so that it compares. */
export const nodeIdSchema = v.pipe(
  v.string(),
  v.regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/, 'node-id'),
  v.transform((nodeId) => (/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(nodeId) ? nodeId.toLowerCase() : nodeId)),
);

export const cloudlyIdSchema = v.pipe(v.string(), v.regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/, 'cloudly-id'));

/** Base64url of 32 bytes, without padding. */
export const registrationKeySchema = v.pipe(v.string(), v.regex(/^[\w-]{43}$/, 'registration-key'));

/** Opaque to the node; visible ASCII, so that it fits a header (RFC 9110, 5.5). */
export const nodeTokenSchema = v.pipe(
  v.string(),
  v.regex(/^[\u0021-\u007e]+$/, 'visible-ascii'),
  v.maxLength(limits.tokenMaxLength, 'max-length'),
);

export const text = v.pipe(v.string(), v.minLength(1, 'not-empty'), v.maxLength(4096, 'max-length'));
export const count = v.pipe(v.number(), v.safeInteger('integer'), v.minValue(0, 'min'));
export const positiveCount = v.pipe(v.number(), v.safeInteger('integer'), v.minValue(1, 'min'));
export const durationMs = count;
export const percent = v.pipe(v.number(), v.minValue(0, 'min'), v.maxValue(100, 'max'));

export const protocol = v.literal(1, 'protocol');

/** What every answer of Cloudly carries: who speaks, and its time, without which an answer is an answer all the same. */
export const answerEntries = { protocol, cloudlyId: cloudlyIdSchema, serverTime: absentIfUnusable(instant) };

/** Cloudly's pace for this node; what lies outside the limits is brought to the nearer one. */
export const heartbeatIntervalMs = v.pipe(
  v.number(),
  v.finite('finite'),
  v.metadata({ minimum: limits.heartbeatIntervalMinMs, maximum: limits.heartbeatIntervalMaxMs }),
  v.transform((intervalMs) =>
    Math.round(Math.min(limits.heartbeatIntervalMaxMs, Math.max(limits.heartbeatIntervalMinMs, intervalMs))),
  ),
);
