import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readBounded } from './read-bounded.js';

const neverAborted = new AbortController().signal;

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** A body that records whether it was cancelled before its end. */
function bodyOf(...chunks: Uint8Array[]) {
  const body = {
    cancelled: false,
    async *[Symbol.asyncIterator]() {
      let finished = false;
      try {
        yield* chunks;
        finished = true;
      } finally {
        body.cancelled = !finished;
      }
    },
  };
  return body;
}

describe('a body', () => {
  test('is returned as text, wherever it is split into chunks', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme' }), fc.array(fc.nat(40)), async (text, cuts) => {
        const whole = bytes(text);
        const chunks: Uint8Array[] = [];
        let offset = 0;
        for (const cut of cuts) chunks.push(whole.subarray(offset, (offset += cut)));
        chunks.push(whole.subarray(offset));
        const expected = new TextDecoder().decode(whole);
        expect(await readBounded(bodyOf(...chunks), 10_000, neverAborted)).toEqual({ ok: true, text: expected });
      }),
    );
  });

  test('that is absent is an empty text', async () => {
    expect(await readBounded(null, 10, neverAborted)).toEqual({ ok: true, text: '' });
  });

  test('may be as long as allowed', async () => {
    expect(await readBounded(bodyOf(bytes('12345'), bytes('67890')), 10, neverAborted)).toMatchObject({ ok: true });
  });

  test('that is too long is cancelled at the first excess byte', async () => {
    const body = bodyOf(bytes('12345'), bytes('678901'), bytes('never read'));
    expect(await readBounded(body, 10, neverAborted)).toEqual({ ok: false, reason: 'a body of more than 10 bytes' });
    expect(body.cancelled).toBe(true);
  });

  test.each([
    ['a byte that UTF-8 does not have', [0x7b, 0xff]],
    ['a character that is cut off', [0x7b, 0xe2, 0x82]],
    ['a surrogate', [0xed, 0xa0, 0x80]],
  ])('with %s is not UTF-8', async (_case, octets) => {
    expect(await readBounded(bodyOf(new Uint8Array(octets)), 10, neverAborted)).toEqual({
      ok: false,
      reason: 'a body that is not UTF-8',
    });
  });

  test('that continues after the end of the exchange is closed', async () => {
    const ended = AbortSignal.abort();
    const body = bodyOf(bytes('1'), bytes('2'));
    await expect(readBounded(body, 10, ended)).rejects.toThrow('aborted');
    expect(body.cancelled).toBe(true);
  });
});
