import fc from 'fast-check';
import { expect, test } from 'vitest';
import { GrowingBytes } from './growing-bytes.js';

test('chunks of any size are joined into one, in at most twice as much memory', () => {
  const pieces = fc.array(fc.oneof(fc.uint8Array({ maxLength: 3 }), fc.uint8Array({ maxLength: 9000 })), {
    maxLength: 40,
  });
  fc.assert(
    fc.property(pieces, (given) => {
      const bytes = new GrowingBytes();
      for (const piece of given) bytes.append(piece);
      const whole = Buffer.concat(given);
      expect(Buffer.from(bytes.all).equals(whole)).toBe(true);
      expect(bytes.all.buffer.byteLength).toBeLessThanOrEqual(Math.max(4096, 2 * whole.byteLength));
    }),
  );
});

test('the memory of a chunk may be reused', () => {
  const bytes = new GrowingBytes();
  const piece = Uint8Array.of(1, 2);
  bytes.append(piece);
  piece.fill(9);
  expect([...bytes.all]).toEqual([1, 2]);
});
