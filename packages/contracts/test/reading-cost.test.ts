import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import * as contracts from '../src/index.js';
import { isLargerAsJson } from '../src/values/is-larger-as-json.js';
import { inspectJson } from '../src/reading/safe-json.js';

type Json = Record<string, unknown>;

function example(name: string): Json {
  return JSON.parse(readFileSync(new URL(`../examples/${name}.json`, import.meta.url), 'utf8')) as Json;
}

const messages = [
  { name: 'register request', schema: contracts.registerRequestSchema, message: example('register-request') },
  { name: 'heartbeat request', schema: contracts.heartbeatRequestSchema, message: example('heartbeat-request') },
  { name: 'register answer', schema: contracts.registerAnswerSchema, message: example('register-accepted') },
  { name: 'heartbeat answer', schema: contracts.heartbeatAnswerSchema, message: example('heartbeat-answer') },
  { name: 'problem', schema: contracts.problemSchema, message: example('problem') },
  {
    name: 'register request of a legacy node',
    schema: contracts.legacyRegisterRequestSchema,
    message: { nodeId: 'till-7', joinToken: 'token', status: example('runtime-status') },
  },
  {
    name: 'heartbeat answer of a legacy Cloudly',
    schema: contracts.legacyHeartbeatAnswerSchema,
    message: { desiredState: { commands: [example('command')], settings: { logLevel: 'debug' } } },
  },
] as const;

/** Every place in a message, as the keys that lead there. */
function placesIn(value: unknown): string[][] {
  if (typeof value !== 'object' || value === null) return [[]];
  return [[], ...Object.entries(value).flatMap(([key, child]) => placesIn(child).map((place) => [key].concat(place)))];
}

function withAt(value: unknown, [key, ...rest]: readonly string[], put: unknown): unknown {
  if (key === undefined) return put;
  if (Array.isArray(value)) return value.map((item, index) => (String(index) === key ? withAt(item, rest, put) : item));
  return { ...(value as Json), [key]: withAt((value as Json)[key], rest, put) };
}

/** What each item of a long list, or each member of a large object, may be. */
const items: readonly unknown[] = [
  1,
  -1.5,
  1e20,
  true,
  null,
  '',
  'a',
  'x'.repeat(40),
  {},
  [],
  [[[1]]],
  { a: 1 },
  { name: 'a', status: 'b' },
  { name: '', status: 1 },
  { appId: 1, services: [] },
  { appId: 1, services: [1, {}, 'a'] },
  { id: crypto.randomUUID() },
  { id: 'x', kind: 'y', expiresInMs: -1 },
  { path: 'a', rule: 'b' },
  { path: 1, rule: '' },
  { id: crypto.randomUUID(), outcome: 'failed', error: { code: '', message: 1 }, details: [1] },
];

const LENGTH = 200;

function listOf(item: unknown): unknown[] {
  return Array.from({ length: LENGTH }, () => item);
}

function objectOf(item: unknown): Json {
  return Object.fromEntries(listOf(item).map((one, index) => [`k${index}`, one]));
}

/** Counts how often something looks at a value, or asks for the keys of one. */
function observed(root: unknown) {
  let steps = 0;
  let valueCount = 0;
  const observe = (value: unknown): unknown => {
    valueCount += 1;
    if (typeof value !== 'object' || value === null) return value;
    const inner: object = Array.isArray(value)
      ? value.map(observe)
      : Object.fromEntries(Object.entries(value).map(([key, child]) => [key, observe(child)]));
    return new Proxy(inner, {
      get: (target, key, receiver): unknown => {
        if (key !== 'length') steps += 1;
        return Reflect.get(target, key, receiver);
      },
      ownKeys: (target) => {
        const keys = Reflect.ownKeys(target);
        steps += keys.length;
        return keys;
      },
    });
  };
  return { value: observe(root), steps: () => steps, valueCount: () => valueCount };
}

/** What the named members of a message may cost beside, however small it is. */
const FIXED_STEPS = 400;

describe.for(messages)('reading a $name', ({ schema, message }) => {
  const cases = placesIn(message).flatMap((place) =>
    items.flatMap((item): { place: string[]; put: unknown }[] => [
      { place, put: listOf(item) },
      { place, put: objectOf(item) },
    ]),
  );

  test('takes a few steps per value, whatever its position, and however often it occurs', () => {
    for (const { place, put } of cases) {
      const { value, steps, valueCount } = observed(withAt(message, place, put));
      v.safeParse(schema, value);
      expect(steps(), `${place.join('.')}: ${JSON.stringify(put).slice(0, 60)}`).toBeLessThan(
        4 * valueCount() + FIXED_STEPS,
      );
    }
  });

  test('agrees with plain valibot, in verdict and result', () => {
    const plain = plainSchema(schema);
    const places = placesIn(message);
    const anything = fc.oneof(
      fc.jsonValue().filter((json) => !DROPPED_BY_VALIBOT.test(JSON.stringify(json))),
      fc.constantFrom(...items),
      fc.constantFrom(...items).map((item) => [item, 'a', item, 1]),
      fc.constantFrom('2026-11-23T12:00:00Z', crypto.randomUUID().toUpperCase(), 'x'.repeat(5000), 'a\nb', 1e21),
    );
    const changes = fc.array(fc.tuple(fc.constantFrom(...places), anything), { maxLength: 3 });
    fc.assert(
      fc.property(changes, (changed) => {
        let value: unknown = message;
        for (const [place, put] of changed)
          if (placesIn(value).some((known) => known.join() === place.join())) value = withAt(value, place, put);
        const [found, expected] = [v.safeParse(schema, value), v.safeParse(plain, value)];
        expect(resultOf(found)).toEqual(resultOf(expected));
      }),
      { numRuns: 2000 },
    );
  });

  test('leaves the message unchanged', () => {
    const before = structuredClone(message);
    const { output } = v.safeParse(schema, { ...message, nodeId: crypto.randomUUID().toUpperCase() });
    expect(output).toBeDefined();
    expect(message).toEqual(before);
  });
});

/** Keys that valibot drops from any object; a reader of the contract keeps them, like all unknown members. */
const DROPPED_BY_VALIBOT = /"(?:__proto__|prototype|constructor)":/;

function resultOf({ output, issues }: v.SafeParseResult<v.GenericSchema>) {
  return issues ? issues.map((issue) => [v.getDotPath(issue), issue.kind, issue.expected]) : output;
}

/** The same schema of nothing but valibot's own parts, but that an array is no object. */
function plainSchema(schema: v.GenericSchema): v.GenericSchema {
  const parts = schema as unknown as {
    type: string;
    entries?: Record<string, v.GenericSchema>;
    options?: v.GenericSchema[];
    key?: string;
    wrapped?: v.GenericSchema;
    default?: unknown;
    pipe?: v.GenericSchema[];
    fallback?: unknown;
  };
  const { type, entries, options = [], key = '', wrapped, pipe } = parts;
  const within = (): v.GenericSchema => {
    if (pipe) return plainPipe(pipe);
    if (type === 'optional' && wrapped) return v.optional(plainSchema(wrapped), parts.default as undefined);
    if (type === 'variant') return v.variant(key, options.map(plainSchema) as never);
    if (entries) {
      const plainEntries = Object.fromEntries(
        Object.entries(entries).map(([name, entry]) => [name, plainSchema(entry)]),
      );
      return noArray(type === 'object' ? v.object(plainEntries) : v.looseObject(plainEntries));
    }
    if (type === 'record') return noArray(v.record(v.string(), v.unknown()));
    if (type === 'string') return v.string();
    if (type === 'boolean') return v.boolean();
    return schema;
  };
  return 'fallback' in parts ? v.fallback(within(), parts.fallback) : within();
}

function noArray<Schema extends v.GenericSchema>(schema: Schema): Schema {
  const run = schema['~run'];
  return Object.assign(schema, {
    '~run': (dataset: v.UnknownDataset, config: v.Config<v.BaseIssue<unknown>>) =>
      run.call(schema, Array.isArray(dataset.value) ? { value: null } : dataset, config),
  });
}

function plainPipe(pipe: readonly unknown[]): v.GenericSchema {
  const metadata = pipe
    .map((part) => (part as { metadata?: { items?: v.GenericSchema; maxItems?: number } }).metadata)
    .find((found) => found?.items);
  if (!metadata?.items)
    return v.pipe(
      ...(pipe.map((part) => ((part as { pipe?: unknown }).pipe ? plainSchema(part as v.GenericSchema) : part)) as [
        v.GenericSchema,
      ]),
    );
  const [item, { maxItems = Number.POSITIVE_INFINITY }] = [plainSchema(metadata.items), metadata];
  return v.pipe(
    v.array(v.unknown()),
    v.transform((candidates) =>
      candidates
        .flatMap((candidate) => {
          const { success, output } = v.safeParse(item, candidate);
          return success ? [output] : [];
        })
        .slice(0, maxItems),
    ),
  );
}

describe('inspecting JSON', () => {
  test('takes a few steps per value, whatever its shape', () => {
    const deep = (depth: number, inner: unknown): unknown => (depth === 0 ? inner : { a: deep(depth - 1, inner) });
    for (const item of items) {
      for (const root of [
        { x: listOf(item) },
        objectOf(item),
        { x: deep(20, listOf(item)) },
        { x: listOf('x'.repeat(33_000)) },
      ]) {
        const { value, steps, valueCount } = observed(root);
        expect(inspectJson(value as Json).ok).toBe(true);
        expect(isLargerAsJson(value, 1e9)).toBe(false);
        expect(steps()).toBeLessThan(6 * valueCount());
      }
    }
  });

  test('names the place of the first fault, in the order of the message', () => {
    const path = (value: Json) => {
      const inspected = inspectJson(value);
      return inspected.ok ? inspected.longString : inspected.issue;
    };
    expect(path({ status: { host: ['ok', { platform: '\u0000' }] }, agent: '\ud800' })).toEqual({
      path: 'status.host.1.platform',
      rule: 'safe-text',
    });
    expect(path({ status: { 'a\u0000': 1 } })).toEqual({ path: 'status', rule: 'safe-key' });
    expect(path({ status: ['a', 'x'.repeat(contracts.limits.stringMaxLength + 1)] })).toEqual({
      path: 'status.1',
      rule: 'max-length',
    });
  });
});

describe('the size of a status', () => {
  test('equals its JSON in UTF-8, apart from escapes and fractions', () => {
    const text = fc
      .string({ unit: 'grapheme', maxLength: 80 })
      .filter((one) => JSON.stringify(one).length === one.length + 2);
    const { value: tree } = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        text,
        fc.maxSafeInteger(),
        fc.constantFrom(1e20, -1e20, 9, 10, 99, 100),
        fc.boolean(),
        fc.constant(null),
        fc.array(tie('value'), { maxLength: 5 }),
        fc.dictionary(
          text.filter((key) => key !== '__proto__'),
          tie('value'),
          { maxKeys: 5 },
        ),
      ),
    }));
    fc.assert(
      fc.property(tree, (value) => {
        const byteCount = Buffer.byteLength(JSON.stringify(value));
        expect([isLargerAsJson(value, byteCount), isLargerAsJson(value, byteCount - 1)]).toEqual([false, true]);
      }),
    );
  });

  test('is never overestimated', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(isLargerAsJson(value, Buffer.byteLength(JSON.stringify(value)))).toBe(false);
      }),
    );
  });
});
