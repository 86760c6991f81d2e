import { assert, property, string } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { foldText } from './fold-text.js';

describe('a folded text', () => {
  test.each([
    ['Berlin-07', 'berlin-07'],
    ['ＢＥＲＬＩＮ', 'berlin'],
    ['Zu\u0308rich', 'z\u00fcrich'],
    ['ΟΔΟΣ', 'οδοσ'],
    ['ﬁlter', 'filter'],
  ])('%j is %j', (text, folded) => {
    expect(foldText(text)).toBe(folded);
  });

  test('stays the same if it is folded again, and in whichever case it was typed', () => {
    assert(
      property(string({ unit: 'grapheme' }), (text) => {
        expect(foldText(foldText(text))).toBe(foldText(text));
        expect(foldText(text.toLowerCase())).toBe(foldText(text));
      }),
    );
  });
});
