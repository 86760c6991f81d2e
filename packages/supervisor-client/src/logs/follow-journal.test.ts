import { howMany } from '@serve.zone/baseos-testing/chance/how-many';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { JournalModel, type Happening } from '../../test/journal-model.js';
import { SupervisorError } from '../errors/supervisor-error.js';
import { followJournal } from './follow-journal.js';
import { readJournalEntry } from './journal-entry.js';
import { itemsOf, readLog } from './read-log.js';
import { resolveReconnect } from './reconnect.js';
import { splitLines } from './split-lines.js';

const torn = new SupervisorError({ code: 'unreachable', message: 'torn' });
const small = { kept: 4, windows: [4, 16, 1000], heldChars: 400 };

const calm: Happening = { before: [], forgets: 0, reboots: false, live: [], tornAtByte: undefined, chunkBytes: 64 };
const day = 86_400_000_000;

function entriesOf(chunks: AsyncIterable<Uint8Array>) {
  return itemsOf(chunks, { split: splitLines, read: readJournalEntry, isOnly: false });
}

async function* oneChunk(text: string): AsyncGenerator<Uint8Array> {
  yield new TextEncoder().encode(text);
}

/** The result until the journal's end: the number of each entry, and each gap. */
async function follow(happenings: Happening[], limits: Partial<typeof small> = {}, first: object = { count: 1000 }) {
  const model = new JournalModel(happenings, torn);
  const asked: { follow?: boolean; count?: number; since?: string }[] = [];
  const ask = async (body: object) => {
    asked.push(body);
    return entriesOf(await model.stream({ body }));
  };
  const seen: (number | 'gap')[] = [];
  const reconnect = resolveReconnect({
    sleep: async () => {},
    onReconnect: ({ isComplete }) => {
      if (!isComplete) seen.push('gap');
    },
  });
  const journal = followJournal(ask, { follow: true, ...first }, { ...small, ...limits });
  for await (const { message } of readLog(journal, { reconnect, signal: undefined })) {
    if (message === 'end') return { seen, written: model.written, asked };
    expect(message).toMatch(/^\d+ größer 🦉$/);
    seen.push(Number.parseInt(message, 10));
  }
  return expect.unreachable('a followed journal does not end');
}

function upTo(count: number) {
  return Array.from({ length: count }, (_, index) => index);
}

describe('a followed journal', () => {
  test.each<[string, number[]]>([
    ['goes back by a day, as after a reboot without a clock', [-day, 1, 1]],
    ['goes back by a microsecond', [-1, 1]],
    ['goes ahead by years, as with the first time sync', [9000 * day, 1]],
    ['goes ahead and back again', [day, 1, -day, 1]],
    ['stands still', [0, 0, 0]],
  ])('loses and duplicates nothing if the clock %s while the stream is away', async (_what, steps) => {
    const lost = { ...calm, tornAtByte: 100_000 };
    const { seen, asked } = await follow([
      { ...lost, before: [1, 1, 1] },
      { ...lost, before: steps },
    ]);
    expect(seen).toEqual(upTo(3 + steps.length));
    expect(asked.slice(1).some(({ since }) => since !== undefined)).toBe(false);
  });

  test('loses and duplicates nothing if the clock goes back on the stream, right before that is cut off', async () => {
    const { seen } = await follow([{ ...calm, before: [1, 1, -day, 1], live: [-day], tornAtByte: 100_000 }]);
    expect(seen).toEqual(upTo(5));
  });

  test.each([1, 5, 17, 60, 500])('finds its place behind %d missed entries', async (missed) => {
    const { seen, asked } = await follow([
      { ...calm, before: [1, 1, 1, 1, 1], tornAtByte: 100_000 },
      { ...calm, before: Array.from({ length: missed }, (_, index) => (index % 3) - 1) },
    ]);
    expect(seen).toEqual(upTo(5 + missed));
    expect(asked.slice(1, -1).every(({ follow: isFollowed }) => isFollowed === false)).toBe(true);
  });

  test('reports a gap if there are more new entries than it searches, and continues with those', async () => {
    const { seen } = await follow(
      [
        { ...calm, before: [1, 1, 1], tornAtByte: 100_000 },
        { ...calm, before: Array.from({ length: 30 }, () => 1) },
      ],
      { windows: [4, 16] },
    );
    expect(seen).toEqual([...upTo(3), 'gap', ...upTo(33).slice(-15)]);
  });

  test('reports the gap if a reboot cleared the journal, and returns all of the new one', async () => {
    const reboot = {
      ...calm,
      reboots: true,
      before: Array.from({ length: 40 }, (_, index) => (index === 0 ? -day : 1)),
    };
    const { seen } = await follow([{ ...calm, before: [1, 1, 1], tornAtByte: 100_000 }, reboot]);
    expect(seen).toEqual([...upTo(3), 'gap', ...upTo(43).slice(3)]);
  });

  test('returns nothing from before its start', async () => {
    const { seen } = await follow(
      [
        { ...calm, before: Array.from({ length: 50 }, () => 1), tornAtByte: 100_000 },
        { ...calm, before: [-day, 1] },
      ],
      {},
      { count: 2 },
    );
    expect(seen).toEqual([48, 49, 50, 51]);
  });

  test('returns both of two entries with one cursor, once each', async () => {
    const twice = '{"__CURSOR":"i=1","MESSAGE":"one"}\n{"__CURSOR":"i=1","MESSAGE":"two"}\n';
    const end = new SupervisorError({ code: 'unauthorized', message: 'end' });
    const texts = [twice, `${twice}{"__CURSOR":"i=2","MESSAGE":"three"}\n`];
    const seen: string[] = [];
    const journal = followJournal(
      async () => {
        const text = texts.shift();
        if (text === undefined) throw end;
        return entriesOf(oneChunk(text));
      },
      { follow: true },
    );
    const reading = (async () => {
      const reconnect = resolveReconnect({ sleep: async () => {} });
      for await (const { message } of readLog(journal, { reconnect, signal: undefined })) seen.push(message);
    })();
    await expect(reading).rejects.toBe(end);
    expect(seen).toEqual(['one', 'two', 'three']);
  });
});

describe('whatever the clock, the connections and the device do', () => {
  const step = fc.oneof(fc.integer({ min: 0, max: 3 }), fc.constantFrom(-day, -5, -1, day, 400 * day));
  const steps = fc.array(step, { maxLength: 12 });
  const tornAtByte = fc.option(fc.nat(3000), { nil: undefined, freq: 3 });
  const connections = fc.record({
    before: steps,
    forgets: fc.constant(0),
    reboots: fc.constant(false),
    live: steps,
    tornAtByte,
    chunkBytes: fc.integer({ min: 1, max: 300 }),
  });
  const losses = fc.record({
    before: steps,
    forgets: fc.oneof(fc.constant(0), fc.nat(20)),
    reboots: fc.constantFrom(false, false, false, true),
    live: steps,
    tornAtByte,
    chunkBytes: fc.constant(100),
  });

  test('a journal that loses nothing is returned completely, every entry once and in order', async () => {
    const started = { ...calm, before: [1], live: [1] };
    await fc.assert(
      fc.asyncProperty(fc.array(connections, { maxLength: 12 }), async (happenings) => {
        const { seen, written } = await follow([started, ...happenings]);
        expect(seen).toEqual(upTo(written));
      }),
      { numRuns: howMany(80, 400) },
    );
  });

  test('a journal that loses entries is returned in order, each entry at most once, and every gap is reported', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(losses, { maxLength: 12 }), async (happenings) => {
        const { seen, written } = await follow(happenings, { windows: [4, 8] });
        const numbers = seen.filter((item) => item !== 'gap');
        expect(numbers).toEqual([...new Set(numbers)].toSorted((one, other) => one - other));
        const untold = seen.filter((item, index) => {
          const before = seen[index - 1];
          return typeof item === 'number' && typeof before === 'number' && item !== before + 1;
        });
        expect(untold).toEqual([]);
        expect([written - 1, 'gap', undefined]).toContain(seen.at(-1));
      }),
      { numRuns: howMany(80, 400) },
    );
  });
});
