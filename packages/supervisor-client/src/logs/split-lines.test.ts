import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { collect } from '../../test/collect.js';
import { splitLines } from './split-lines.js';

const encoder = new TextEncoder();

async function* chunksOf(...chunks: (string | Uint8Array)[]): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks) yield typeof chunk === 'string' ? encoder.encode(chunk) : chunk;
}

async function linesOf(chunks: AsyncIterable<Uint8Array>, maxLineBytes = 1024): Promise<string[]> {
  return collect(splitLines(chunks, { maxLineBytes, keepUnterminated: true }));
}

describe('the lines of a stream', () => {
  test.each<[string, (string | Uint8Array)[], string[]]>([
    ['arrive one by one', ['one\ntwo\n'], ['one', 'two']],
    ['are complete even if a chunk ends in them', ['on', 'e\ntw', 'o\n'], ['one', 'two']],
    [
      'are complete even if a chunk ends in a character',
      [new Uint8Array([0xe2, 0x82]), new Uint8Array([0xac, 0x0a])],
      ['€'],
    ],
    ['are none in an empty stream', [], []],
    ['may be empty', ['\n\none\n'], ['', '', 'one']],
    ['end with the stream, without a newline', ['one\ntwo'], ['one', 'two']],
    ['may end with CRLF, even if it is split', ['one\r', '\ntwo\r\n'], ['one', 'two']],
    ['keep a carriage return that ends no line', ['10%\r20%\n'], ['10%\r20%']],
    ['keep a byte order mark, which is not at the start of a text here', ['\uFEFFone\n'], ['\uFEFFone']],
    ['show bytes that are not UTF-8 as U+FFFD', [new Uint8Array([0x61, 0xff, 0x0a])], ['a\uFFFD']],
  ])('%s', async (_claim, chunks, expected) => {
    expect(await linesOf(chunksOf(...chunks))).toEqual(expected);
  });

  test('are cut if they get too long, and the next one is complete', async () => {
    expect(await linesOf(chunksOf('123456', '789', '0\nabc\n'), 4)).toEqual(['1234', 'abc']);
  });

  test('are those of the whole text, in any chunks', async () => {
    const pieces = fc.array(fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('\n', '\r\n', '€', '🦀')), {
      maxLength: 20,
    });
    const text = pieces.map((parts) => parts.join(''));
    await fc.assert(
      fc.asyncProperty(text, fc.infiniteStream(fc.integer({ min: 1, max: 7 })), async (whole, sizes) => {
        const bytes = encoder.encode(whole);
        async function* chunks(): AsyncGenerator<Uint8Array> {
          for (let start = 0; start < bytes.length;) {
            const size = sizes.next().value as number;
            yield bytes.subarray(start, (start += size));
          }
        }
        const expected = whole.split('\n');
        if (expected.at(-1) === '') expected.pop();
        expect(await linesOf(chunks())).toEqual(expected.map((line) => line.replace(/\r$/, '')));
      }),
    );
  });

  test('survive a source that reuses the memory of a chunk for the next', async () => {
    async function* reusing(): AsyncGenerator<Uint8Array> {
      const memory = encoder.encode('ab');
      yield memory;
      memory.set(encoder.encode('c\n'));
      yield memory;
    }
    expect(await linesOf(reusing())).toEqual(['abc']);
  });
});

test('an unterminated last line is omitted if it counts as torn', async () => {
  const lines = splitLines(chunksOf('one\ntwo'), { maxLineBytes: 1024, keepUnterminated: false });
  expect(await collect(lines)).toEqual(['one']);
});

test('nothing is read ahead of demand', async () => {
  let handedOut = 0;
  async function* counting(): AsyncGenerator<Uint8Array> {
    for (;;) {
      handedOut += 1;
      yield encoder.encode('one\ntwo\n');
    }
  }
  const lines = splitLines(counting(), { maxLineBytes: 1024, keepUnterminated: true });
  await lines.next();
  await lines.next();
  expect(handedOut).toBe(1);
  await lines.next();
  expect(handedOut).toBe(2);
});

test('leaving ends the source', async () => {
  let hasEnded = false;
  async function* source(): AsyncGenerator<Uint8Array> {
    try {
      yield encoder.encode('one\ntwo\n');
    } finally {
      hasEnded = true;
    }
  }
  for await (const line of splitLines(source(), { maxLineBytes: 1024, keepUnterminated: true })) {
    expect(line).toBe('one');
    break;
  }
  expect(hasEnded).toBe(true);
});

test('a stream that is cut off returns the lines before, nothing of the torn one, and its error', async () => {
  async function* breaking(): AsyncGenerator<Uint8Array> {
    yield encoder.encode('one\ntw');
    throw new Error('torn');
  }
  const lines = splitLines(breaking(), { maxLineBytes: 1024, keepUnterminated: true });
  expect(await lines.next()).toEqual({ done: false, value: 'one' });
  await expect(lines.next()).rejects.toThrow('torn');
});
