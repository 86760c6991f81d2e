import { Writable } from 'node:stream';
import { expect, test } from 'vitest';
import { writeWhenTaken } from './write-when-taken.js';

/** A stream whose reader reads one chunk on demand. */
function slowStream() {
  const taken: string[] = [];
  const waiting: (() => void)[] = [];
  const stream = new Writable({
    highWaterMark: 1,
    decodeStrings: false,
    write: (chunk: string, _encoding, done) => {
      taken.push(chunk);
      waiting.push(done);
    },
  });
  return { stream, taken, take: () => waiting.shift()?.() };
}

test('the next piece is requested once the previous one is written', async () => {
  const { stream, taken, take } = slowStream();
  let isTaken = false;
  const writing = writeWhenTaken(stream, 'one').then((more) => {
    isTaken = true;
    return more;
  });
  await new Promise((resolve) => setImmediate(resolve));
  expect([taken, isTaken]).toEqual([['one'], false]);
  take();
  expect(await writing).toBe(true);
});

test('writing ends when nobody reads any longer', async () => {
  const { stream } = slowStream();
  stream.on('error', () => undefined);
  const writing = writeWhenTaken(stream, 'one');
  stream.destroy(new Error('EPIPE'));
  expect(await writing).toBe(false);
  expect(await writeWhenTaken(stream, 'two')).toBe(false);
});

test('a sink that only collects text accepts it at once', async () => {
  let text = '';
  const stream = { write: (piece: string) => (text += piece) };
  expect([await writeWhenTaken(stream, 'a'), await writeWhenTaken(stream, 'b'), text]).toEqual([true, true, 'ab']);
});
