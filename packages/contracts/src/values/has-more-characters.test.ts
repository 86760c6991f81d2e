import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hasMoreCharacters } from './has-more-characters.js';

test('counts code points, however many code units a character has', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.nat({ max: 12 }), (text, maxCharacters) => {
      expect(hasMoreCharacters(text, maxCharacters)).toBe(Array.from(text).length > maxCharacters);
    }),
  );
});

test('counts a lone surrogate as one', () => {
  expect(hasMoreCharacters('\ud83e\ud83e\uddca\uddca', 3)).toBe(false);
  expect(hasMoreCharacters('\ud83e\ud83e\uddca\uddca', 2)).toBe(true);
});
