import { describe, expect, test } from 'vitest';
import { examplesOf, type Json, messagesOf, schemaOf, sets, validatorOf } from './shipped-schemas.js';

type JsonSchema = { [key: string]: Json };

function isObject(value: Json): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Every object in a schema with what leads there. */
function partsOf(value: Json, path = '#'): { path: string; part: JsonSchema }[] {
  if (typeof value !== 'object' || value === null) return [];
  const inner = Object.entries(value).flatMap(([key, child]) => partsOf(child, `${path}/${key}`));
  return isObject(value) ? [{ path, part: value }, ...inner] : inner;
}

/** Whether it excludes line feeds by its end. */
function isWhole(pattern: string): boolean {
  return pattern.endsWith('$') && !pattern.includes('[^');
}

const messages = sets.flatMap((set) => messagesOf(set).map((message) => ({ set, message })));

describe.each(messages)('schema/$set/$message.json', ({ set, message }) => {
  const schema = schemaOf(set, message);
  const parts = partsOf(schema);
  const patterns = parts.flatMap(({ part: { pattern, not } }) =>
    typeof pattern === 'string' ? [{ pattern, not }] : [],
  );

  test.each(examplesOf(message))('accepts examples/$file', ({ example }) => {
    const validate = validatorOf(set, message);
    validate(example);
    expect(validate.errors).toBeNull();
  });

  test('says what it is', () => {
    expect(schema).toMatchObject({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      $id: `https://serve.zone/baseos/protocol-1/${set}/${message}.json`,
      title: expect.stringMatching(/\w/),
      description: expect.stringMatching(/\.$/),
    });
  });

  test('describes every member', () => {
    const members = parts.filter(({ path }) => /\/properties\/\w+$/.test(path) && !/\/(?:if|then)\//.test(path));
    expect(members).not.toEqual([]);
    for (const { path, part } of members) {
      expect({ path, description: part['description'] }).toEqual({
        path,
        description: expect.stringMatching(/\w.*\.$/),
      });
    }
  });

  test('refers to nothing outside itself, and has no unused definitions', () => {
    const references = new Set(parts.flatMap(({ part }) => ('$ref' in part ? [part['$ref']] : [])));
    const definitions = Object.keys((schema['$defs'] ?? {}) as object).map((name) => `#/$defs/${name}`);
    expect([...references].map(String).toSorted()).toEqual(definitions.toSorted());
  });

  test('uses no regular expression that engines interpret differently', () => {
    for (const { pattern, not } of patterns) {
      // \w and \d stand for all of Unicode to some, others have neither \u nor lookaround.
      expect(pattern).not.toMatch(/\\[dDwWsSbBpPuk]|\(\?[^:]/);
      // To some, $ also matches before a line feed at the end.
      expect({ pattern, not }).toEqual({ pattern, not: isWhole(pattern) ? { pattern: '\\n' } : undefined });
    }
  });

  test('needs no format, which most validators ignore and others do not support', () => {
    expect(parts.filter(({ part, path }) => 'format' in part && !path.endsWith('/properties'))).toEqual([]);
  });
});

test('both sets have the same messages, except those that are only read', () => {
  const onlyRead = messagesOf('tolerant').filter((message) => !messagesOf('strict').includes(message));
  expect(messagesOf('strict').filter((message) => !messagesOf('tolerant').includes(message))).toEqual([]);
  expect(onlyRead.filter((message) => !message.startsWith('legacy-'))).toEqual([]);
});
