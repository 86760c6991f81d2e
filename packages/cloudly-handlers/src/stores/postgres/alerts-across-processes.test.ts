import { describe, expect, onTestFinished, test } from 'vitest';
import { shareResource } from '../../../../../test/shared-resources/shared-resource.js';
import { isSkipped, TIMEOUT_MS, unlessInstalled } from '../../../test/fixtures/postgres-server.js';
import { openPostgresStore } from '../../postgres.js';
import {
  addHeard,
  addMaintenance,
  alertIdsAt,
  keepAll,
  MINUTE_MS,
  OFFLINE_AT_MS,
} from '../suite/fleet/alert-fixtures.js';
import { ADA, allEvents, asAda, heardAt, setProfile } from '../suite/fleet/fleet-fixtures.js';

describe.skipIf(isSkipped)(`alerts that several stores keep in one PostgreSQL${unlessInstalled}`, () => {
  test(
    'are right in the end, whoever forgets, labels, snoozes, hears and maintains the same nodes at once',
    { timeout: TIMEOUT_MS },
    async () => {
      const url = await shareResource('postgres');
      const schema = `s${crypto.randomUUID().replaceAll('-', '')}`;
      const store = await openPostgresStore(url, { schema });
      const other = await openPostgresStore(url, { schema });
      onTestFinished(async () => {
        await store.close();
        await other.close();
      });
      const nodeIds = Array.from({ length: 40 }, (_, index) => `n${String(index).padStart(2, '0')}`);
      await addHeard(store, 'berlin', ...nodeIds);
      await addMaintenance(store, { selector: 'label.floor=1' });

      let nowMs = OFFLINE_AT_MS;
      for (let round = 1; round <= 12; round += 1) {
        nowMs += MINUTE_MS;
        const [one = '', two = '', three = ''] = [round, round + 13, round + 26].map((index) => nodeIds[index] ?? '');
        const snooze = { untilMs: nowMs + MINUTE_MS, by: ADA, atMs: nowMs };
        await Promise.all([
          keepAll(store, nowMs),
          keepAll(other, nowMs),
          other.removeNode(one),
          setProfile(store, two, { labels: { site: 'berlin', floor: String(round % 2) } }),
          other.saveReport(three, heardAt(2, nowMs, { expectedByMs: nowMs + 600 * MINUTE_MS })),
          asAda(store, nowMs).snoozeAlert('group-offline:site=berlin', snooze),
          asAda(other, nowMs).snoozeAlert(`offline:${three}`, snooze),
          round === 6 && asAda(store, nowMs).endMaintenance('m'),
        ]);
      }
      await keepAll(store, nowMs);
      await keepAll(store, nowMs + 30 * MINUTE_MS);

      const sort = { by: 'id', isDescending: false } as const;
      const { nodes } = await asAda(store).listFleet({ selector: { terms: [] }, sort, limit: 100 });
      expect(nodes).toHaveLength(28);
      for (const { state, alerts } of nodes) expect(alerts).toEqual(state === 'offline' ? ['offline'] : []);
      expect(await alertIdsAt(store, nowMs + 30 * MINUTE_MS)).toEqual(['group-offline:site=berlin']);
      const open = new Set<string>();
      for (const event of await allEvents(store)) {
        if (event.kind !== 'alert-opened' && event.kind !== 'alert-closed') continue;
        const id = `${event.details.alert} ${event.nodeId}`;
        expect(open.has(id)).toBe(event.kind === 'alert-closed');
        if (event.kind === 'alert-opened') open.add(id);
        else open.delete(id);
      }
      expect([...open]).toEqual(['group-offline undefined']);
    },
  );
});
