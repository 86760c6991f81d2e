import { array, assert, constantFrom, nat, property, record, string, stringMatching, option } from 'fast-check';
import { expect, test } from 'vitest';
import { createMessageReader } from './read-messages.js';
import { formatMessage, formatRetry, HEARTBEAT, type SseMessage } from './sse-message.js';

const line = string({ unit: 'grapheme' }).filter((text) => !/[\r\n]/.test(text));
const id = stringMatching(/^[0-9a-f]{1,16}-[1-9]\d{0,6}$/);

const anyMessage = record<SseMessage>(
  { id, event: constantFrom('reset', 'other'), data: line },
  { requiredKeys: ['id'] },
);

/** The bytes, in pieces that end anywhere. */
function cut(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const ends = [...places.map((place) => place % (bytes.length + 1)), bytes.length].toSorted((a, b) => a - b);
  return ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end));
}

function readAll(pieces: readonly Uint8Array[]): SseMessage[] {
  const take = createMessageReader();
  return pieces.flatMap((piece) => take(piece));
}

test('messages are read as they were written, wherever their bytes are cut', () => {
  const between = constantFrom('', HEARTBEAT, formatRetry(3000), ':\n', '\n');
  assert(
    property(array(record({ message: anyMessage, between })), array(nat()), (written, places) => {
      const text = written.map(({ message, between: gap }) => formatMessage(message) + gap).join('');
      const bytes = new TextEncoder().encode(text);
      expect(readAll(cut(bytes, places))).toEqual(written.map(({ message }) => message));
    }),
  );
});

test('a message that has not ended is none', () => {
  assert(
    property(anyMessage, nat(), (message, place) => {
      const bytes = new TextEncoder().encode(formatMessage(message));
      expect(readAll([bytes.subarray(0, place % bytes.length)])).toEqual([]);
    }),
  );
});

test('each end of a line is one, however it is cut', () => {
  const message = { id: 'a-1', event: 'reset', data: 'one\ntwo' };
  const lines = ['id: a-1', 'event:reset', 'data: one', 'data:two', 'unknown', ': comment', '', ''];
  assert(
    property(constantFrom('\n', '\r', '\r\n'), array(nat()), option(constantFrom('\uFEFF')), (end, places, mark) => {
      const text = `${mark ?? ''}${lines.join(end)}`;
      // Only what follows a carriage return shows whether the line ends with it.
      const bytes = new TextEncoder().encode(end === '\r' ? `${text}:` : text);
      expect(readAll(cut(bytes, places))).toEqual([message]);
    }),
  );
});

test('an ID with a zero byte is none', () => {
  expect(readAll([new TextEncoder().encode('id: a\0b\ndata: x\n\n')])).toEqual([{ data: 'x' }]);
});

test.for([
  ['one line', 'x'],
  ['many lines', `data: ${'x'.repeat(1000)}\n`],
])('a message that never ends is not kept: %s', ([, piece = '']) => {
  const bytes = new TextEncoder().encode(piece.repeat(100));
  const take = createMessageReader();
  expect(() => {
    for (let count = 0; count < 100_000; count += 1) take(bytes);
  }).toThrow('A message is too long');
});
