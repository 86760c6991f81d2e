import { array, assert, constantFrom, nat, property, record } from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { NodeReport } from '../../fleet/node-report.js';
import { heartbeatReport, NOW_MS, runtimeStatus, vitals } from '../suite/fixtures.js';
import { type FactsChange, mergeFactsChanges } from './facts-change.js';
import { foldReports, type LastHeartbeat, type Presence, withoutCounts } from './fold-reports.js';

const none: Presence = { acceptedBootId: 'boot-1' };
const GIB = 2 ** 30;
const { host, ...status } = runtimeStatus('a');
const withStorage = { ...status, host: { ...host, storageTotalBytes: 100 * GIB } };

/** A heartbeat that says how many GiB are free. */
function withFree(sequence: number, freeGib: number, changes: Partial<NodeReport> = {}): NodeReport {
  return heartbeatReport(sequence, { vitals: vitals({ storageFreeBytes: freeGib * GIB }), ...changes });
}

describe('the facts of a node', () => {
  test('change with its first heartbeat, and not with the next', () => {
    const first = foldReports(none, [heartbeatReport(1)]);
    const heard = { atMs: NOW_MS + 1 };
    expect(first.factsChange).toEqual({ hasStatus: false, hasStorageMoved: false, hasClockMoved: false, heard });
    expect(foldReports(afterwards(first.heartbeat), [heartbeatReport(2)]).factsChange).toBeUndefined();
  });

  test('change with a status, also with that of a registration', () => {
    const last = foldReports(none, [heartbeatReport(1)]).heartbeat;
    const registered: Presence = { acceptedBootId: 'boot-2', ...(last && { last }) };
    const registration = heartbeatReport(0, { bootId: 'boot-2', status: runtimeStatus('a') });
    const heartbeat = heartbeatReport(2, { status: runtimeStatus('a') });
    const change = { hasStatus: true, hasStorageMoved: false, hasClockMoved: false };
    expect(foldReports(registered, [registration]).factsChange).toEqual(change);
    expect(foldReports(afterwards(last), [heartbeat]).factsChange).toEqual(change);
  });

  test('change when it is heard again after it was missed, with when it was heard before', () => {
    const before = afterwards(foldReports(none, [heartbeatReport(1)]).heartbeat);
    const at = (receivedAtMs: number) => foldReports(before, [heartbeatReport(2, { receivedAtMs })]).factsChange;
    const expectedByMs = heartbeatReport(1).expectedByMs ?? 0;
    expect(at(expectedByMs - 1)).toBeUndefined();
    const heard = { atMs: expectedByMs, lastHeartbeatAtMs: NOW_MS + 1 };
    expect(at(expectedByMs)).toEqual({ hasStatus: false, hasStorageMoved: false, hasClockMoved: false, heard });
  });

  test('change with its free storage only from step to step, of the size that its last status had', () => {
    const before = afterwards(foldReports(none, [withFree(1, 52, { status: withStorage })]).heartbeat);
    expect(before.last?.storage).toEqual({ totalBytes: 100 * GIB, freePercent: 50 });
    expect(foldReports(before, [withFree(2, 50.5)]).factsChange).toBeUndefined();
    const fuller = foldReports(before, [withFree(2, 49)]);
    expect(fuller.factsChange).toEqual({ hasStatus: false, hasStorageMoved: true, hasClockMoved: false });
    expect(fuller.heartbeat?.storage).toEqual({ totalBytes: 100 * GIB, freePercent: 45 });
    expect(foldReports(afterwards(fuller.heartbeat), [withFree(3, 51)]).factsChange).toBeUndefined();
  });

  test('keep their free storage while heartbeats do not say it, and lose it with a status that does not', () => {
    const before = afterwards(foldReports(none, [withFree(1, 52, { status: withStorage })]).heartbeat);
    expect(foldReports(before, [heartbeatReport(2)]).heartbeat?.storage?.freePercent).toBe(50);
    const { heartbeat, factsChange } = foldReports(before, [withFree(2, 52, { status: runtimeStatus('a') })]);
    expect(heartbeat?.storage).toBeUndefined();
    expect(factsChange?.hasStorageMoved).toBe(true);
    const empty = { ...withStorage, host: { ...host, storageTotalBytes: 0 } };
    expect(foldReports(none, [withFree(1, 52, { status: empty })]).heartbeat?.storage).toBeUndefined();
  });

  test('change with its clock only once that is off, and once it is right again', () => {
    const withSkew = (sequence: number, minutes: number) =>
      heartbeatReport(sequence, { vitals: vitals({ clockSkewMs: minutes * 60_000 }) });
    const before = afterwards(foldReports(none, [withSkew(1, 4)]).heartbeat);
    expect(foldReports(before, [withSkew(2, -4)]).factsChange).toBeUndefined();
    const off = foldReports(before, [withSkew(2, 6)]);
    expect(off.factsChange).toEqual({ hasStatus: false, hasStorageMoved: false, hasClockMoved: true });
    expect(off.heartbeat?.isClockOff).toBe(true);
    expect(foldReports(afterwards(off.heartbeat), [withSkew(3, 4), heartbeatReport(4)]).factsChange).toBeUndefined();
    const right = foldReports(afterwards(off.heartbeat), [withSkew(3, 1)]);
    expect(right.factsChange?.hasClockMoved).toBe(true);
    expect(right.heartbeat).not.toHaveProperty('isClockOff');
  });

  test('do not change with a report that is not kept', () => {
    const before = afterwards(foldReports(none, [heartbeatReport(5)]).heartbeat);
    const late = heartbeatReport(4, { status: runtimeStatus('a'), receivedAtMs: NOW_MS * 2 });
    expect(foldReports(before, [late]).factsChange).toBeUndefined();
    expect(foldReports({}, [heartbeatReport(1)]).factsChange).toBeUndefined();
  });

  test('change with reports that are written together as with those that are written alone', () => {
    const anyReport = record(
      {
        bootId: constantFrom('boot-1', 'boot-2'),
        sequence: nat(6),
        receivedAtMs: nat(10).map((minutes) => minutes * 60_000),
        expectedByMs: nat(12).map((minutes) => minutes * 60_000),
        status: constantFrom(runtimeStatus('a'), withStorage),
        vitals: nat(30).map((free) => vitals({ storageFreeBytes: free * GIB, clockSkewMs: free * 20_000 })),
      },
      { requiredKeys: ['bootId', 'sequence', 'receivedAtMs'] },
    );
    assert(
      property(array(anyReport, { maxLength: 12 }), (reports) => {
        const presence: Presence = { ...none };
        let alone: FactsChange | undefined;
        for (const report of reports) {
          const { heartbeat, factsChange } = foldReports(presence, [report]);
          if (heartbeat) presence.last = heartbeat;
          alone = mergeFactsChanges(alone, factsChange);
        }
        const together = foldReports(none, reports);
        expect(together.factsChange).toEqual(alone);
        expect(together.heartbeat).toEqual(presence.last);
      }),
    );
  });
});

test('a store returns a heartbeat as it was sent', () => {
  const { heartbeat } = foldReports(none, [withFree(1, 52, { status: withStorage })]);
  expect(heartbeat && withoutCounts(heartbeat)).toEqual(withFree(1, 52));
});

function afterwards(last: LastHeartbeat | undefined): Presence {
  return { ...none, ...(last && { last }) };
}
