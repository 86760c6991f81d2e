import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { composeToken, readToken, TOKEN_LENGTH } from './token.js';

const kinds = fc.constantFrom('join', 'node', 'api', 'invitation');
const bytes = fc.record({
  id: fc.uint8Array({ minLength: 8, maxLength: 8 }),
  secret: fc.uint8Array({ minLength: 32, maxLength: 32 }),
});
const { token } = composeToken('join', {
  id: Uint8Array.from({ length: 8 }, (_, index) => 3 * index + 1),
  secret: Uint8Array.from({ length: 32 }, (_, index) => (7 * index + 5) % 256),
});

describe('a token', () => {
  test('has a prefix, an ID, 256 random bits and a checksum', () => {
    const zeros = composeToken('join', { id: new Uint8Array(8), secret: new Uint8Array(32) });
    expect(zeros.token.slice(0, -6)).toBe(`bjt_00000000000_${'0'.repeat(43)}`);
    const ones = composeToken('node', { id: new Uint8Array(8).fill(255), secret: new Uint8Array(32).fill(255) });
    expect(ones.token).toMatch(/^bnt_LygHa16AHYF_[0-9A-Za-z]{49}$/);
  });

  test('is parsed back to its ID, whatever its bytes are', () => {
    fc.assert(
      fc.property(kinds, kinds, bytes, (kind, other, random) => {
        const composed = composeToken(kind, random);
        expect(composed.token).toHaveLength(TOKEN_LENGTH);
        expect(readToken(kind, composed.token)).toEqual({ kind: 'well-formed', id: composed.id });
        expect(readToken(other, composed.token).kind).toBe(other === kind ? 'well-formed' : 'other-kind');
      }),
    );
  });

  test('ends with the CRC-32 of the characters before it', () => {
    const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
    const checksum = token
      .slice(-6)
      .split('')
      .reduce((value, digit) => value * 62 + digits.indexOf(digit), 0);
    expect(checksum).toBe(crc32(token.slice(0, -6)));
  });

  test('is mistyped if any one character differs', () => {
    for (let index = 4; index < token.length; index += 1) {
      const slip = token.slice(0, index) + (token[index] === 'q' ? 'r' : 'q') + token.slice(index + 1);
      expect(readToken('join', slip)).toEqual({ kind: 'mistyped' });
    }
  });

  test('is mistyped if two neighbouring characters are swapped', () => {
    for (let index = 16; index < token.length - 1; index += 1) {
      const [one = '', other = ''] = token.slice(index, index + 2);
      if (one === other) continue;
      const slip = token.slice(0, index) + other + one + token.slice(index + 2);
      expect(readToken('join', slip)).toEqual({ kind: 'mistyped' });
    }
  });

  test('is foreign if it is anything else', () => {
    fc.assert(
      fc.property(kinds, fc.string(), (kind, text) => {
        fc.pre(!/^b(?:[jno]t|oi)_/.test(text));
        expect(readToken(kind, text)).toEqual({ kind: 'foreign' });
      }),
    );
  });
});
