import { assert, array, constantFrom, nat, property, record } from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { StoredStatus } from '../../fleet/node-report.js';
import { heartbeatReport, NOW_MS, runtimeStatus } from '../suite/fixtures.js';
import { foldReports, type Presence } from './fold-reports.js';

const HOUR_MS = 3_600_000;
const none: Presence = { acceptedBootId: 'boot-1' };

describe('reports of one node that are written together', () => {
  test('yield the last heartbeat and the last status, whichever report had it', () => {
    const reports = [
      heartbeatReport(1, { status: runtimeStatus('a'), statusHash: 'h' }),
      heartbeatReport(3),
      heartbeatReport(2, { status: runtimeStatus('late'), statusHash: 'late' }),
    ];
    const { kept, heartbeat, status } = foldReports(none, reports);
    expect(kept).toEqual([true, true, false]);
    expect(heartbeat).toEqual({ ...heartbeatReport(3), counts: { detail: 2, hours: 2 } });
    expect(status).toEqual({ bootId: 'boot-1', receivedAtMs: NOW_MS + 1, hash: 'h', status: runtimeStatus('a') });
  });

  test("are not stored for a process other than the node's, nor for a revoked node", () => {
    const reports = [heartbeatReport(1, { bootId: 'boot-2' })];
    expect(foldReports(none, reports)).toEqual({ kept: [false], finished: [] });
    expect(foldReports({}, [heartbeatReport(1)])).toEqual({ kept: [false], finished: [] });
  });

  test('close a slot once, even if the clock was set back', () => {
    const at = (sequence: number, hour: number) => heartbeatReport(sequence, { receivedAtMs: hour * HOUR_MS });
    const { finished } = foldReports(none, [at(1, 1), at(2, 2), at(3, 1), at(4, 2)]);
    const hours = finished.filter(({ resolution }) => resolution === 'hours').map(({ slot }) => slot);
    expect(hours.map(({ startMs, heartbeatCount }) => [startMs / HOUR_MS, heartbeatCount])).toEqual([
      [1, 2],
      [2, 1],
    ]);
  });

  test('yield the same result as if each were written alone', () => {
    const fields = {
      bootId: constantFrom('boot-1', 'boot-2'),
      sequence: nat(6),
      receivedAtMs: nat(3 * HOUR_MS),
      status: constantFrom(runtimeStatus('a'), runtimeStatus('b')),
    };
    const anyReport = record(fields, { requiredKeys: ['bootId', 'sequence', 'receivedAtMs'] });

    assert(
      property(array(anyReport, { maxLength: 12 }), (reports) => {
        const together = foldReports(none, reports);
        const presence: Presence = { ...none };
        const slots = new Map<string, number>();
        const kept: boolean[] = [];
        let status: StoredStatus | undefined;
        for (const report of reports) {
          const alone = foldReports(presence, [report]);
          kept.push(...alone.kept);
          if (alone.heartbeat) presence.last = alone.heartbeat;
          status = alone.status ?? status;
          for (const { resolution, slot } of alone.finished) {
            const key = `${resolution} ${slot.startMs}`;
            slots.set(key, (slots.get(key) ?? 0) + slot.heartbeatCount);
          }
        }
        expect(together.kept).toEqual(kept);
        expect(together.heartbeat).toEqual(presence.last);
        expect(together.status).toEqual(status);
        const finished = together.finished.map(
          ({ resolution, slot }) => [`${resolution} ${slot.startMs}`, slot.heartbeatCount] as const,
        );
        expect(new Map(finished)).toEqual(slots);
        expect(finished).toHaveLength(slots.size);
      }),
    );
  });
});
