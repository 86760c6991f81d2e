import crypto from 'node:crypto';
import process from 'node:process';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sha256Hex, sha256On } from './hash.js';

const { createHash } = crypto;

test('a text has the same hash on every runtime', async () => {
  const hashers = [
    sha256Hex,
    sha256On({ process: { getBuiltinModule: () => crypto } }),
    // Bun, and Node before 20.12.
    sha256On({ process: { getBuiltinModule: () => ({ createHash }) } }),
    // Workers, without and with a process.
    sha256On({}),
    sha256On({ process: {} }),
    sha256On({ process: { getBuiltinModule: () => undefined } }),
  ];
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'grapheme' }), async (text) => {
      const hashes = await Promise.all(hashers.map(async (sha256) => sha256(text)));
      expect(new Set(hashes)).toEqual(new Set([createHash('sha256').update(text).digest('hex')]));
    }),
  );
});

test('a hash needs no other thread where the runtime has Node’s crypto', () => {
  expect(typeof process.getBuiltinModule).toBe('function');
  expect(sha256Hex('')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
});
