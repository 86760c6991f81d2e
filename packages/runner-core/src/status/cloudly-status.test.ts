import { describe, expect, test } from 'vitest';
import { simulate } from '../../test/simulation.js';

const minute = 60_000;
const unreachable = { kind: 'unreachable', reason: 'ECONNREFUSED', message: 'connection refused' } as const;

describe('the status of a running agent', () => {
  test('counts the heartbeats sent, the consecutive failures, and the outages', async () => {
    const { runner, clock, cloudly } = simulate();
    const isDown = (): boolean =>
      [5, 15].some((from) => clock.monotonicMs() >= from * minute && clock.monotonicMs() < (from + 4) * minute);
    cloudly.onHeartbeat = () => (isDown() ? unreachable : undefined);
    await runner.start();
    await clock.advance(18 * minute);
    const { heartbeatsSent, heartbeatsAcknowledged, ...during } = runner.status().cloudly;
    expect(during).toMatchObject({ outages: 2, connectivity: 'unreachable' });
    expect(during.failuresInARow).toBeGreaterThan(0);
    expect(during.failedHeartbeats).toBe(during.failuresInARow);
    expect(heartbeatsSent).toBe(cloudly.heartbeats.length);
    expect(heartbeatsSent).toBeGreaterThan(heartbeatsAcknowledged);
    expect(during.next?.explanation).toContain(`The last ${during.failuresInARow} calls failed`);

    await clock.advance(12 * minute);
    expect(runner.status().cloudly).toMatchObject({
      outages: 2,
      failuresInARow: 0,
      connectivity: 'connected',
      next: { because: 'interval', explanation: 'A heartbeat is due every 60 s.' },
    });
    await runner.stop();
  });
});
