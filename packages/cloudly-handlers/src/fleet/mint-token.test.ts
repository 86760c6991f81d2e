import { createHash } from 'node:crypto';
import { readToken } from '@serve.zone/baseos-contracts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mintToken } from './mint-token.js';
import { runtime } from './runtime.js';

const kinds = fc.constantFrom('join', 'node', 'api', 'invitation');

test('is parsed back to its ID, whatever the random source gave, and is stored as its hash', async () => {
  await fc.assert(
    fc.asyncProperty(kinds, fc.infiniteStream(fc.integer({ min: 0, max: 255 })), async (kind, bytes) => {
      const minted = await mintToken(kind, (byteCount) => Uint8Array.from(bytes.take(byteCount)));
      expect(readToken(kind, minted.token)).toEqual({ kind: 'well-formed', id: minted.id });
      expect(minted.hash).toBe(createHash('sha256').update(minted.token).digest('hex'));
    }),
  );
});

test('is different each time', async () => {
  const tokens = await Promise.all(Array.from({ length: 20 }, () => mintToken('join', runtime.randomBytes)));
  expect(new Set(tokens.map(({ token }) => token)).size).toBe(20);
  expect(new Set(tokens.map(({ id }) => id)).size).toBe(20);
});
