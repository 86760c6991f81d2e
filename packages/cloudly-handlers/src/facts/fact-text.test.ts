import { array, assert, nat, property } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { factText } from './fact-text.js';

/** Of any UTF-16 code units. */
const anyText = array(nat(0xffff), { minLength: 1, maxLength: 12 }).map((units) => String.fromCharCode(...units));

describe('a fact of what a device says', () => {
  test('is what it says, and absent if it says nothing', () => {
    expect(factText('berlin-07')).toBe('berlin-07');
    expect(factText('')).toBeUndefined();
    expect(factText(undefined)).toBeUndefined();
  });

  test('is cut between two characters', () => {
    expect(factText(`${'a'.repeat(255)}😀`)).toBe('a'.repeat(255));
    expect(factText(`${'a'.repeat(254)}😀😀`)).toBe(`${'a'.repeat(254)}😀`);
  });

  test('can be stored in every database, and in its indexes', () => {
    assert(
      property(anyText, (text) => {
        const fact = factText(`\uD800${text.repeat(50)}\u0000`) ?? '';
        expect(fact.isWellFormed()).toBe(true);
        expect(fact).not.toContain('\u0000');
        expect(new TextEncoder().encode(fact).length).toBeLessThanOrEqual(768);
        expect(factText(fact)).toBe(fact);
      }),
    );
  });
});
