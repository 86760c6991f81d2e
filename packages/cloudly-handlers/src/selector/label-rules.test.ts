import { describe, expect, test } from 'vitest';
import { labelKeyMistake, labelsMistake, labelValueMistake } from './label-rules.js';

describe('the key of a label', () => {
  test.each(['site', 'a', 'A-b_c.d', 'example.com/site', 'a'.repeat(63), `${'a.'.repeat(126)}a/site`])(
    'may be %s',
    (key) => {
      expect(labelKeyMistake(key)).toBeUndefined();
    },
  );

  test.each([
    '',
    '-a',
    'a-',
    'a b',
    'ä',
    '/a',
    'a/',
    'a/b/c',
    'Example.com/a',
    'a..b/c',
    `${'a.'.repeat(127)}a/b`,
    'a'.repeat(64),
    '__proto__',
    'a\n',
  ])('may not be %j', (key) => {
    expect(labelKeyMistake(key)).toContain('A label key has 1 to 63 letters');
  });
});

describe('the value of a label', () => {
  test.each(['', 'berlin', '1.0', 'a_b', 'a'.repeat(63)])('may be %j', (value) => {
    expect(labelValueMistake(value)).toBeUndefined();
  });

  test.each(['a b', '_a', 'a.', 'ä', 'a'.repeat(64), 'a\n'])('may not be %j', (value) => {
    expect(labelValueMistake(value)).toContain('or is empty');
  });
});

test('a node has at most 32 labels', () => {
  const labels = Object.fromEntries(Array.from({ length: 32 }, (_, index) => [`key${index}`, 'x']));
  expect(labelsMistake(labels)).toBeUndefined();
  expect(labelsMistake({ ...labels, more: 'x' })).toBe('A node has at most 32 labels');
  expect(labelsMistake({ site: 'not this' })).toContain('A label value');
});
