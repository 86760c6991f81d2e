import pg from 'pg';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { shareResource } from '../../../../../test/shared-resources/shared-resource.js';
import { type CloudlyProcess, startCloudlyProcess } from '../../../test/fixtures/cloudly-process.js';
import { isSkipped, TIMEOUT_MS, unlessInstalled } from '../../../test/fixtures/postgres-server.js';
import { openPostgresStore } from '../../postgres.js';
import { addNode, heartbeatReport, nodeRecord, NOW_MS, runtimeStatus } from '../suite/fixtures.js';

const HOUR_MS = 3_600_000;
const caller = { actor: 'operator:ada', nowMs: NOW_MS } as const;
const everyNode = { selector: { terms: [] }, sort: { by: 'id', isDescending: false }, limit: 1000 } as const;

describe.skipIf(isSkipped)(
  `facts that several processes keep in one PostgreSQL${unlessInstalled}`,
  { timeout: TIMEOUT_MS },
  () => {
    let url: string;
    let elsewhere: CloudlyProcess;
    let admin: pg.Client;
    beforeAll(async () => {
      url = await shareResource('postgres');
      elsewhere = startCloudlyProcess(url);
      admin = new pg.Client(url);
      await admin.connect();
    }, TIMEOUT_MS);
    afterAll(async () => {
      await elsewhere?.kill();
      await admin?.end();
    });

    const openStore = async () => {
      const schema = `s${crypto.randomUUID().replaceAll('-', '')}`;
      const store = await openPostgresStore(url, { schema });
      onTestFinished(() => store.close());
      return { schema, store };
    };

    const approved = (nodeId: string) => nodeRecord(nodeId, { approvedAtMs: NOW_MS });

    test('are right in the end, whoever reports, names, decides about, sweeps and removes the same nodes at once', async () => {
      const { schema, store } = await openStore();
      const [here, there] = [store.as(caller), elsewhere.operator(schema, caller)];
      const nodeIds = Array.from({ length: 16 }, (_, index) => `n${String(index).padStart(2, '0')}`);
      for (const nodeId of nodeIds) await addNode(store, approved(nodeId));

      const report = (nodeId: string, sequence: number) => {
        const receivedAtMs = NOW_MS + sequence * HOUR_MS;
        const status = {
          ...runtimeStatus(`host-${sequence}`),
          agent: { name: 'baserunner', version: `1.${sequence}.0` },
        };
        const change = { receivedAtMs, expectedByMs: receivedAtMs + 1000, ...(sequence % 2 === 0 && { status }) };
        return [store, elsewhere.store(schema)][sequence % 2]?.saveReport(nodeId, heartbeatReport(sequence, change));
      };
      const name = (nodeId: string, revision: number) =>
        [here, there][revision % 2]?.replaceProfile({
          nodeId,
          revision,
          name: `name ${revision}`,
          labels: { [`key-${revision % 3}`]: String(revision) },
        });
      const decide = async (nodeId: string) => {
        const found = await there.findNode(nodeId);
        return found && there.replaceNode({ ...found.node, cloneSuspectedAtMs: NOW_MS });
      };
      const sweep = (by: number) =>
        [store, elsewhere.store(schema)][by % 2]?.sweep({ nowMs: NOW_MS + by * HOUR_MS, upSinceMs: 0, limit: 100 });

      for (let turn = 1; turn <= 8; turn += 1) {
        await Promise.all([
          ...nodeIds.map((nodeId) => report(nodeId, turn)),
          ...nodeIds.toReversed().map((nodeId) => name(nodeId, turn)),
          ...[turn, turn + 1].map(sweep),
          ...nodeIds.slice(turn, turn + 2).map(decide),
          ...(turn === 8 ? nodeIds.slice(0, 6).map((nodeId) => there.removeNode(nodeId)) : []),
        ]);
      }

      const kept = await here.listFleet(everyNode);
      const expected = nodeIds.slice(6).map((nodeId, index) => [nodeId, 'name 8', '1.8.0', index < 4]);
      const ofFacts = kept.nodes.map(({ facts }) => [
        facts.nodeId,
        facts.name,
        facts.agentVersion,
        facts.isCloneSuspected,
      ]);
      expect(ofFacts).toEqual(expected);
      await admin.query(`UPDATE ${schema}.node_fact SET facts_version = 0`);
      await store.sweep({ nowMs: 0, upSinceMs: 0, limit: 100 });
      expect(await here.listFleet(everyNode)).toEqual(kept);
      for (const table of ['node_fact', 'node_watch', 'node_profile', 'node_label', 'presence', 'status']) {
        const orphans = `SELECT node_id FROM ${schema}.${table} WHERE node_id NOT IN (SELECT node_id FROM ${schema}.node)`;
        expect({ table, rows: (await admin.query(orphans)).rows }).toEqual({ table, rows: [] });
      }
    });

    test('tell once that a node is offline, however many sweep at once', async () => {
      const { schema, store } = await openStore();
      const nodeIds = Array.from({ length: 30 }, (_, index) => `n${index}`);
      for (const nodeId of nodeIds) await addNode(store, approved(nodeId));
      await Promise.all(nodeIds.map((nodeId) => store.saveReport(nodeId, heartbeatReport(1))));
      const sweepers = [store, elsewhere.store(schema), store, elsewhere.store(schema)];
      const sweepAll = async (sweeper: Pick<typeof store, 'sweep'>) => {
        const moved: string[] = [];
        // A sweep leaves to another one what that is working on, so it may find less than there is.
        for (let count = 0; count < 20; count += 1) {
          const swept = await sweeper.sweep({ nowMs: NOW_MS + HOUR_MS, upSinceMs: 0, limit: 7 });
          moved.push(...swept.moved.map(({ nodeId, to }) => `${nodeId} ${to}`));
        }
        return moved;
      };
      const moved = (await Promise.all(sweepers.map(sweepAll))).flat();
      const expected = nodeIds.map((nodeId) => `${nodeId} offline`);
      expect(moved.toSorted()).toEqual(expected.toSorted());
      const told = await store.as(caller).listEvents({ kinds: ['node-offline'], limit: 100 });
      expect(told.map(({ nodeId }) => `${nodeId} offline`).toSorted()).toEqual(expected.toSorted());
    });

    test('are derived again of those that another version derived, by whichever process sweeps', async () => {
      const { schema, store } = await openStore();
      await addNode(store, approved('n'));
      await store.saveReport('n', heartbeatReport(1, { status: runtimeStatus('gate') }));
      const before = await store.as(caller).findFleetNodes(['n']);
      await admin.query(`UPDATE ${schema}.node_fact SET facts_version = 0, hostname = 'old', search_text = ''`);
      expect((await store.as(caller).findFleetNodes(['n']))[0]?.facts.hostname).toBe('old');
      await elsewhere.store(schema).sweep({ nowMs: NOW_MS, upSinceMs: 0, limit: 10 });
      expect(await store.as(caller).findFleetNodes(['n'])).toEqual(before);
      expect(await store.as(caller).listEvents({ kinds: ['agent-changed', 'node-offline'], limit: 10 })).toEqual([]);
    });
  },
);
