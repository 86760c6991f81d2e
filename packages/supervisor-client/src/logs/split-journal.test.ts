import fc from 'fast-check';
import { expect, test } from 'vitest';
import { collect } from '../../test/collect.js';
import { exportOf } from '../../test/journal-export.js';
import { splitJournal } from './split-journal.js';

const options = { maxLineBytes: 1024, keepUnterminated: true };

function encode(text: string) {
  return new TextEncoder().encode(text);
}

async function* piecesOf(bytes: Uint8Array, sizeBytes: number): AsyncGenerator<Uint8Array> {
  // One piece of memory, as a transport may have it.
  const memory = new Uint8Array(sizeBytes);
  for (let start = 0; start < bytes.byteLength; start += sizeBytes) {
    const piece = bytes.subarray(start, start + sizeBytes);
    memory.set(piece);
    yield memory.subarray(0, piece.byteLength);
  }
}

const sizes = fc.integer({ min: 1, max: 40 });

test.each([
  ['lines of JSON', '{"MESSAGE":"a"}\n{"MESSAGE":"b"}\n', ['{"MESSAGE":"a"}', '{"MESSAGE":"b"}']],
  ['a remark', '-- No entries --\n', ['-- No entries --']],
  ['nothing', '', []],
  ['an empty line', '\n', ['']],
  ['text that almost begins an export', '__CURSOR\n', ['__CURSOR']],
  ['text that ends where an export would continue', '__CURS', ['__CURS']],
])('%s is returned in lines, in any chunks', async (_what, text, lines) => {
  await fc.assert(
    fc.asyncProperty(sizes, async (sizeBytes) => {
      expect(await collect(splitJournal(piecesOf(encode(text), sizeBytes), options))).toEqual(lines);
    }),
  );
});

test('an export is returned as the fields of its entries, in any chunks', async () => {
  const bytes = exportOf([
    [
      ['__CURSOR', 's=1'],
      ['MESSAGE', 'a\nb'],
    ],
    [
      ['__CURSOR', 's=2'],
      ['MESSAGE', 'c'],
    ],
  ]);
  await fc.assert(
    fc.asyncProperty(sizes, async (sizeBytes) => {
      expect(await collect(splitJournal(piecesOf(bytes, sizeBytes), options))).toEqual([
        { __CURSOR: 's=1', MESSAGE: 'a\nb' },
        { __CURSOR: 's=2', MESSAGE: 'c' },
      ]);
    }),
  );
});

test.each([
  [true, [{ __CURSOR: 's=1' }]],
  [false, []],
])('an unfinished entry is returned on request: %s', async (keepUnterminated, expected) => {
  const pieces = splitJournal(piecesOf(encode('__CURSOR=s=1\n'), 5), { ...options, keepUnterminated });
  expect(await collect(pieces)).toEqual(expected);
});

test.each(['{"MESSAGE":"a"}\n', '__CURSOR=s=1\n\n'])('leaving the loop after %j ends the stream', async (text) => {
  let isEnded = false;
  async function* endless(): AsyncGenerator<Uint8Array> {
    try {
      for (;;) yield encode(text);
    } finally {
      isEnded = true;
    }
  }
  const pieces = splitJournal(endless(), options);
  await pieces.next();
  await pieces.return();
  expect(isEnded).toBe(true);
});

test.each(['{"MESSAGE":"a"}\n{"MESS', '__CURSOR=s=1\n\n__CUR', '__CUR'])(
  'a stream that is cut off after %j says so',
  async (text) => {
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield encode(text);
      throw new Error('reset');
    }
    await expect(collect(splitJournal(broken(), options))).rejects.toThrow('reset');
  },
);
