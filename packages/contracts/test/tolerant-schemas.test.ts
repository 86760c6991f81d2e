import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mutationsOf } from './mutations.js';
import { readBySchema } from './read-by-schema.js';
import { readers } from './readers.js';
import { examplesOf, type Json, messagesOf, schemaOf, validatorOf } from './shipped-schemas.js';
import { limits } from '../src/protocol/limits.js';

describe.each(messagesOf('tolerant'))('the tolerant schema of %s', (message) => {
  const validate = validatorOf('tolerant', message);
  const read = readers[message] ?? expect.unreachable(message);
  const examples = examplesOf(message).map(({ example }) => example);

  test('accepts what readers accept, and rejects what they reject', () => {
    const mutations = fc.constantFrom(...examples).chain(mutationsOf);
    fc.assert(
      fc.property(mutations, (mutation) => {
        const isRead = read(mutation) !== undefined;
        expect(validate(mutation)).toBe(isRead);
      }),
      { numRuns: 300, examples: examples.map((example) => [example]) },
    );
  });

  test('says which values are used: a reader that uses it alone reads what the parse functions read', () => {
    const schema = schemaOf('tolerant', message);
    const mutations = fc.constantFrom(...examples).chain(mutationsOf);
    fc.assert(
      fc.property(mutations, (mutation) => {
        fc.pre(validate(mutation));
        expect(comparable(readBySchema(schema, mutation))).toEqual(comparable(read(mutation)));
      }),
      { numRuns: 150, examples: examples.map((example) => [example]) },
    );
  });

  test('describes an object', () => {
    for (const other of [null, [], ['x'], 'x', 7, true]) {
      expect(validate(other)).toBe(false);
      expect(read(other)).toBeUndefined();
    }
  });
});

/** In one form where a reader gives another than it got: UUIDs and instants in lower case, a pace within its bounds. */
function comparable(message: unknown): unknown {
  return JSON.parse(JSON.stringify(message), (key, value: unknown) => {
    if (key === 'heartbeatIntervalMs' || key === 'waitMs') return 'a duration within limits';
    if (key === 'serverTime') return Date.parse(String(value).toUpperCase());
    return typeof value === 'string' ? value.toLowerCase() : value;
  });
}

function nested(depth: number): Json {
  return depth === 0 ? 1 : { inner: nested(depth - 1) };
}

describe('a rule that tolerant schemas cannot express and readers enforce', () => {
  const unsaid: { rule: string; member: Json }[] = [
    { rule: 'F-7: a body that is too large', member: Array.from({ length: 9 }, () => 'x'.repeat(32_000)) },
    { rule: 'J-2: nesting that is too deep', member: nested(limits.bodyMaxDepth) },
    { rule: 'J-3: U+0000', member: '\u0000' },
    { rule: 'J-3: U+0000 in a key', member: { '\u0000': 1 } },
    { rule: 'J-3: a lone surrogate', member: '\ud800' },
    { rule: 'J-4: the key __proto__', member: JSON.parse('{"__proto__":1}') as Json },
    { rule: 'J-5: a string that is too long', member: 'x'.repeat(limits.stringMaxLength + 1) },
  ];

  describe.each(['register-request', 'heartbeat-request'])('in a %s', (message) => {
    const validate = validatorOf('tolerant', message);
    const read = readers[message] ?? expect.unreachable(message);
    const [{ example } = expect.unreachable(message)] = examplesOf(message);

    test.each(unsaid)('$rule', ({ member }) => {
      const spoilt = { ...(example as object), note: member } as Json;
      expect(validate(spoilt)).toBe(true);
      expect(read(spoilt)).toBeUndefined();
    });

    test('J-9: a status that is too large', () => {
      const [{ example: status } = expect.unreachable('runtime-status')] = examplesOf('runtime-status');
      const notes = Array.from({ length: 5 }, () => 'x'.repeat(30_000));
      const spoilt = { ...(example as object), status: { ...(status as object), notes } } as Json;
      expect(validate(spoilt)).toBe(true);
      expect(read(spoilt)).toBeUndefined();
    });
  });
});
