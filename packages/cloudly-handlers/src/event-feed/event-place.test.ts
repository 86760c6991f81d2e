import { assert, nat, property, string, stringMatching } from 'fast-check';
import { expect, test } from 'vitest';
import { formatPlace, parsePlace } from './event-place.js';

test('a place survives being written', () => {
  assert(
    property(stringMatching(/^[\w-]{1,64}$/), nat(), (epoch, position) => {
      expect(parsePlace(formatPlace({ epoch, position }))).toEqual({ epoch, position });
    }),
  );
});

test('another text is none', () => {
  const texts = ['', '-', '7', 'a-', '-7', 'a-07', 'a-7 ', 'a-7.5', 'a-1e3', 'a\n-7', 'a-9007199254740993'];
  expect([...texts, `${'a'.repeat(65)}-7`].map((text) => parsePlace(text))).toEqual(Array(12).fill(undefined));
});

test('whatever is read was written so', () => {
  assert(
    property(string(), (text) => {
      const place = parsePlace(text);
      expect(place ? formatPlace(place) : text).toBe(text);
    }),
  );
});
