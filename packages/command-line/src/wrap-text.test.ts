import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LINE_WIDTH, wrapIndented, wrapText } from './wrap-text.js';

test.each([
  ['', []],
  ['one', ['one']],
  ['one two', ['one two']],
  ['one two three', ['one two', 'three']],
  ['  one \n two ', ['one two']],
  ['a incomprehensible word', ['a', 'incomprehensible', 'word']],
])('%j in lines of eight', (text, lines) => {
  expect(wrapText(text, 8)).toEqual(lines);
});

test('no word is lost, and no line is longer than it has to be', () => {
  fc.assert(
    fc.property(fc.string(), fc.integer({ min: 1, max: 30 }), (text, width) => {
      const words = text.split(/\s+/).filter(Boolean);
      const lines = wrapText(text, width);
      expect(lines.flatMap((line) => line.split(' '))).toEqual(words);
      for (const line of lines) expect(line.length <= width || !line.includes(' ')).toBe(true);
    }),
  );
});

test('indented lines end within the width of a terminal', () => {
  const text = wrapIndented('word '.repeat(100), 20, 2);
  expect(text.split('\n').every((line) => line.length <= LINE_WIDTH)).toBe(true);
  expect(text).toMatch(/^ {2}word .*\n( {20}word.*\n)+$/);
});
