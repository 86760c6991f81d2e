import fc from 'fast-check';
import { expect, test } from 'vitest';
import { splitLine } from './split-line.js';

const breaks = ' \t\n"\'><=;|&(:';

test.each([
  ['cloudly ', ['cloudly'], '', undefined, 0],
  ['cloudly node  list sta', ['cloudly', 'node', 'list'], 'sta', undefined, 0],
  ['cloudly --sort=na', ['cloudly'], '--sort=na', undefined, 7],
  ['cloudly label.a=b:c', ['cloudly'], 'label.a=b:c', undefined, 10],
  [String.raw`cloudly Gate\ 1 a\:b`, ['cloudly', 'Gate 1'], 'a:b', undefined, 0],
  ['cloudly "Gate 1', ['cloudly'], 'Gate 1', '"', 0],
  ["cloudly --data='/va r", ['cloudly'], '--data=/va r', "'", 7],
  [String.raw`cloudly 'a' "b\"c" 'd\' e`, ['cloudly', 'a', 'b"c', 'd\\'], 'e', undefined, 0],
  ['cloudly \'\' ""', ['cloudly', ''], '', undefined, 0],
])('%s', (line, words, typed, quote, kept) => {
  expect(splitLine(line, breaks)).toEqual({ words, typed, quote, kept });
});

test('any line can be taken apart, and single quotes keep all that is in them', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary' }), { maxLength: 5 }), fc.string(), (words, typed) => {
      const quoted = words.map((word) => `'${word.replaceAll("'", String.raw`'\''`)}'`);
      expect(splitLine([...quoted, ''].join(' '), breaks)).toMatchObject({ words, typed: '' });
      expect(splitLine(typed, breaks).kept).toBeLessThanOrEqual(typed.length);
    }),
  );
});
