import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mintToken, readToken } from './token.js';
import { runtime } from './runtime.js';

const kinds = fc.constantFrom('join', 'node');

describe('a token', () => {
  test('has a prefix, an ID, 256 random bits and a checksum', async () => {
    const zeros = await mintToken('join', (byteCount) => new Uint8Array(byteCount));
    expect(zeros.token.slice(0, -6)).toBe(`bjt_00000000000_${'0'.repeat(43)}`);
    const ones = await mintToken('node', (byteCount) => new Uint8Array(byteCount).fill(255));
    expect(ones.token).toMatch(/^bnt_LygHa16AHYF_[0-9A-Za-z]{49}$/);
  });

  test('is read back with its ID, whatever the random source gave', async () => {
    await fc.assert(
      fc.asyncProperty(kinds, fc.infiniteStream(fc.integer({ min: 0, max: 255 })), async (kind, bytes) => {
        const minted = await mintToken(kind, (byteCount) => Uint8Array.from(bytes.take(byteCount)));
        expect(readToken(kind, minted.token)).toEqual({ kind: 'well-formed', id: minted.id });
        expect(readToken(kind === 'join' ? 'node' : 'join', minted.token)).toEqual({ kind: 'other-kind' });
      }),
    );
  });

  test('is told as mistyped when any one character is another', async () => {
    const { token } = await mintToken('join', runtime.randomBytes);
    for (let index = 4; index < token.length; index += 1) {
      const slip = token.slice(0, index) + (token[index] === 'q' ? 'r' : 'q') + token.slice(index + 1);
      expect(readToken('join', slip)).toEqual({ kind: 'mistyped' });
    }
  });

  test('is told as mistyped when two neighbours have changed places', async () => {
    const { token } = await mintToken('join', runtime.randomBytes);
    for (let index = 16; index < token.length - 1; index += 1) {
      const [one = '', other = ''] = token.slice(index, index + 2);
      if (one === other) continue;
      const slip = token.slice(0, index) + other + one + token.slice(index + 2);
      expect(readToken('join', slip)).toEqual({ kind: 'mistyped' });
    }
  });

  test('is foreign when it is anything else', () => {
    fc.assert(
      fc.property(kinds, fc.string(), (kind, text) => {
        fc.pre(!/^b[jn]t_/.test(text));
        expect(readToken(kind, text)).toEqual({ kind: 'foreign' });
      }),
    );
  });
});
