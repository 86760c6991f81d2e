import fc from 'fast-check';
import { expect, test } from 'vitest';
import { textWidth, truncateEnd, truncateMiddle } from './truncate.js';

test.each([
  ['till-7', 6, 'till-7'],
  ['till-17', 6, 'til…17'],
  ['shop-a-till-7', 8, 'shop…l-7'],
  ['till', 1, '…'],
  ['till', 2, 't…'],
  ['till', 0, ''],
  ['東京店舗', 8, '東京店舗'],
  ['東京店舗一', 8, '東京…一'],
  ['👩‍💻👩‍💻👩‍💻👩‍💻', 5, '👩‍💻…👩‍💻'],
])('%s in %d columns is %s', (text, width, expected) => {
  expect(truncateMiddle(text, width)).toBe(expected);
});

test.each([
  ['a sentence', 10, 'a sentence'],
  ['a sentence', 6, 'a sen…'],
  ['東京店舗', 4, '東…'],
])('the sentence %s in %d columns is %s', (text, width, expected) => {
  expect(truncateEnd(text, width)).toBe(expected);
});

test('whatever the text is, it fits, and keeps its ends', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 0, max: 20 }), (text, width) => {
      const truncated = truncateMiddle(text, width);
      expect(textWidth(truncated)).toBeLessThanOrEqual(width);
      const [start = '', end = ''] = truncated.split('…');
      const hasEnds = text.startsWith(start) && text.endsWith(end);
      expect(truncated === text || width === 0 || hasEnds).toBe(true);
    }),
  );
});
