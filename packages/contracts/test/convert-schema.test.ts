import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { convertSchema } from '../scripts/convert-schema.mjs';
import type { Place } from '../scripts/docstrings.mjs';
import { limits } from '../src/protocol/limits.js';

function described(path: string): Place {
  return {
    path,
    docstring: path.endsWith('.silent') ? '' : 'What it is.',
    at: (key) => described(`${path}.${key}`),
  };
}

function convert(schema: v.GenericSchema, mode: 'strict' | 'tolerant' = 'strict') {
  return convertSchema(schema, described('message'), { mode, limits, reference: () => undefined });
}

describe('a schema that JSON Schema cannot express yet', () => {
  test.each([
    ['of a new type', v.date(), /^message: .* date$/],
    ['with a new rule', v.pipe(v.string(), v.emoji()), /^message\.pipe\.1: .* emoji$/],
    [
      'deeply nested',
      v.looseObject({ a: v.optional(v.map(v.string(), v.string())) }),
      /^message\.entries\.a\.wrapped: .* map$/,
    ],
  ])('fails the build: %s', (_case, schema, words) => {
    expect(() => convert(schema)).toThrow(TypeError);
    expect(() => convert(schema)).toThrow(words);
  });
});

test('a member without a docstring fails the build', () => {
  expect(() => convert(v.looseObject({ silent: v.string() }))).toThrow(
    new TypeError('message.entries.silent has no docstring, which is its description'),
  );
});

test('the narrower of two bounds is used', () => {
  const twice = v.pipe(v.pipe(v.string(), v.minLength(3), v.maxLength(9)), v.minLength(2), v.maxLength(7));
  expect(convert(twice, 'tolerant')).toEqual({ type: 'string', minLength: 3, maxLength: 7 });
  const numbers = v.pipe(v.number(), v.minValue(1), v.maxValue(5), v.minValue(2), v.maxValue(9));
  expect(convert(numbers)).toEqual({ type: 'number', minimum: 2, maximum: 5 });
});

test.each(['strict', 'tolerant'] as const)('an object with any members is described as such in the %s set', (mode) => {
  const open = { type: 'object', additionalProperties: {} };
  expect(convert(v.record(v.string(), v.unknown()), mode)).toEqual(open);
  expect(convert(v.looseObject({ details: v.record(v.string(), v.unknown()) }), mode)).toMatchObject({
    properties: { details: open },
  });
});
