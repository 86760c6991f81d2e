import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { BoundedLog } from './bounded-log.js';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A stderr whose capacity the test sets: a number of bytes per write, none, or `lost`. */
function reader() {
  const state = { read: '', takes: Number.POSITIVE_INFINITY as number | 'lost' };
  const writeSome = (bytes: Uint8Array): number | 'lost' => {
    if (state.takes === 'lost') return 'lost';
    const taken = Math.min(bytes.length, state.takes);
    state.read += Buffer.from(bytes.subarray(0, taken)).toString();
    return taken;
  };
  return { state, writeSome };
}

function gapsInto(log: BoundedLog) {
  return log.onGap((lines) => log.write(`gap of ${lines}\n`));
}

describe('a log', () => {
  test('is written at once while somebody reads', () => {
    const { state, writeSome } = reader();
    const log = new BoundedLog({ writeSome });
    log.write('one\n');
    expect(state.read).toBe('one\n');
  });

  test('keeps unread lines up to its limit, and reports in place how many are missing', () => {
    const { state, writeSome } = reader();
    const log = new BoundedLog({ writeSome, waitingMaxBytes: 8 });
    gapsInto(log);
    state.takes = 0;
    for (const line of ['one\n', 'two\n', 'three\n', 'four\n']) log.write(line);
    expect(state.read).toBe('');
    state.takes = Number.POSITIVE_INFINITY;
    vi.advanceTimersByTime(1000);
    log.write('five\n');
    expect(state.read).toBe('one\ntwo\ngap of 2\nfive\n');
  });

  test('continues after a write that ended in the middle of a line', () => {
    const { state, writeSome } = reader();
    const log = new BoundedLog({ writeSome });
    state.takes = 2;
    log.write('one\n');
    state.takes = Number.POSITIVE_INFINITY;
    log.write('two\n');
    vi.advanceTimersByTime(1000);
    expect(state.read).toBe('one\ntwo\n');
  });

  test('reports the number of dropped lines as soon as there is room', () => {
    const { state, writeSome } = reader();
    const log = new BoundedLog({ writeSome });
    gapsInto(log);
    state.takes = 'lost';
    log.write('one\n');
    log.write('two\n');
    state.takes = Number.POSITIVE_INFINITY;
    log.write('three\n');
    expect(state.read).toBe('three\ngap of 2\n');
  });

  test('waits for a reader at the end, but not for long', async () => {
    const { state, writeSome } = reader();
    const log = new BoundedLog({ writeSome });
    state.takes = 0;
    log.write('one\n');
    const flushed = log.flushed(200);
    await vi.advanceTimersByTimeAsync(200);
    await flushed;
    const flushedLater = log.flushed(10_000);
    state.takes = Number.POSITIVE_INFINITY;
    await vi.advanceTimersByTimeAsync(1000);
    await flushedLater;
    expect(state.read).toBe('one\n');
    await log.flushed(200);
  });

  test('writes each line once, complete and in order, or counts it, whatever its reader does', async () => {
    const takes = fc.oneof(fc.nat(24), fc.constant('lost' as const), fc.constant(Number.POSITIVE_INFINITY));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(takes, fc.nat(3)), { maxLength: 40 }), fc.boolean(), async (steps, inPool) => {
        const { state, writeSome } = reader();
        let lost = 0;
        const log = new BoundedLog({
          writeSome: (bytes) => (inPool ? Promise.resolve(writeSome(bytes)) : writeSome(bytes)),
          waitingMaxBytes: 48,
        });
        log.onGap((lines) => (lost += lines));
        let number = 0;
        for (const [next, lines] of steps) {
          state.takes = next;
          for (let count = 0; count < lines; count += 1) log.write(`line ${(number += 1)} is whole\n`);
          await vi.advanceTimersByTimeAsync(300);
        }
        state.takes = Number.POSITIVE_INFINITY;
        log.write('last\n');
        await vi.advanceTimersByTimeAsync(5000);
        const numbers = Array.from(state.read.matchAll(/^line (\d+) is whole$/gm), (line) => Number(line[1]));
        expect(numbers).toEqual(numbers.toSorted((one, other) => one - other));
        expect(new Set(numbers).size).toBe(numbers.length);
        // A line that lost its end had been started, so it counts and is incomplete.
        expect(numbers.length + lost).toBeGreaterThanOrEqual(number);
      }),
    );
  });
});
