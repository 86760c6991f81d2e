import fc from 'fast-check';
import { expect, test } from 'vitest';
import { escapeControls } from './escape-controls.js';

test.each([
  ['two\nlines\r\tand a tab', String.raw`two\nlines\r\tand a tab`],
  ['clear \u001b[2J', String.raw`clear \u001b[2J`],
  ['\u0000\u007f\u009b', String.raw`\u0000\u007f\u009b`],
  ['\u2028\u2029', String.raw`\u2028\u2029`],
  ['reordered \u202e\u2066', String.raw`reordered \u202e\u2066`],
  ['Küche 🍳', 'Küche 🍳'],
])('%j is written as %s', (text, written) => {
  expect(escapeControls(text)).toBe(written);
});

test('preserves the meaning of any JSON text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(JSON.parse(escapeControls(JSON.stringify(text)))).toBe(text);
    }),
  );
});
