import fc from 'fast-check';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { createLatch } from '../../../test/fixtures/latch.js';
import { FleetStoreError } from '../../fleet/fleet-store-error.js';
import { heartbeatReport } from '../suite/fixtures.js';
import { createReportBatch, type SentReport } from './report-batch.js';

/** A database that stores reports with an odd sequence and fails on some. It records what each transaction wrote. */
function setUp(canWrite: (sequence: number) => boolean = () => true) {
  const written: number[][] = [];
  const batch = createReportBatch(async (reports: readonly SentReport[]) => {
    const sequences = reports.map(({ report }) => report.sequence);
    if (!sequences.every(canWrite)) throw new Error('too large');
    written.push(sequences);
    return sequences.map((sequence) => sequence % 2 === 1);
  });
  return { batch, written, save: (sequence: number) => batch.save('n', heartbeatReport(sequence)) };
}

describe('reports that arrive within a few milliseconds', () => {
  test('share one transaction, in order, and each learns whether it was stored', async () => {
    const { save, written } = setUp();
    expect(await Promise.all([1, 2, 3].map(save))).toEqual([true, false, true]);
    expect(written).toEqual([[1, 2, 3]]);
  });

  test('are written 200 at a time', async () => {
    const { save, written } = setUp();
    await Promise.all(Array.from({ length: 450 }, (_, index) => save(index + 1)));
    expect(written.map((sequences) => sequences.length)).toEqual([200, 200, 50]);
  });

  test('lose only those that cannot be written, whichever these are', async () => {
    const sequences = fc.uniqueArray(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(sequences, fc.uniqueArray(fc.integer({ min: 1, max: 60 })), async (sent, faulty) => {
        const { batch, save, written } = setUp((sequence) => !faulty.includes(sequence));
        const saved = Promise.allSettled(sent.map(save));
        await batch.flush();
        expect((await saved).map(({ status }) => status)).toEqual(
          sent.map((sequence) => (faulty.includes(sequence) ? 'rejected' : 'fulfilled')),
        );
        expect(written.flat()).toEqual(sent.filter((sequence) => !faulty.includes(sequence)));
      }),
      { numRuns: 50 },
    );
  });

  test('all reject if the database cannot be used, after one attempt', async () => {
    const write = vi.fn<() => Promise<never>>(() =>
      Promise.reject(new FleetStoreError('database-unusable', 'The disk is full')),
    );
    const batch = createReportBatch(write);
    const saved = [1, 2, 3].map((sequence) => batch.save('n', heartbeatReport(sequence)));
    const outcomes = await Promise.allSettled(saved);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(write).toHaveBeenCalledTimes(1);
  });
});

test('gather in the next batch while one is written', async () => {
  const [begun, released] = [createLatch(), createLatch()];
  const written: number[][] = [];
  const batch = createReportBatch(async (reports) => {
    written.push(reports.map(({ report }) => report.sequence));
    begun.open();
    await released.opened;
    return reports.map(() => true);
  });
  const first = batch.save('n', heartbeatReport(1));
  await begun.opened;
  const others = [2, 3].map((sequence) => batch.save('n', heartbeatReport(sequence)));
  released.open();
  await Promise.all([first, ...others]);
  expect(written).toEqual([[1], [2, 3]]);
});

describe('a flush', () => {
  test('starts writing at once, and ends when no report is waiting', async () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const { batch, save, written } = setUp();
    const saved = save(1);
    const flushed = batch.flush();
    expect(written).toEqual([[1]]);
    expect(await saved).toBe(true);
    await vi.runAllTimersAsync();
    await flushed;
  });

  test('of nothing ends', async () => {
    await expect(setUp().batch.flush()).resolves.toBeUndefined();
  });
});
