import type { RuntimeStatus } from '@serve.zone/baseos-contracts';
import type { NodeStore } from '../../fleet/node-store.js';
import type { NodeReport } from '../../fleet/node-report.js';
import { behaviour, type NodeStoreBehaviour } from './behaviour.js';
import { expectEqual } from './expect-equal.js';
import { addNode, heartbeatReport, issued, nodeRecord, NOW_MS, runtimeStatus, superseded, vitals } from './fixtures.js';
import { scribbleOver } from './scribble-over.js';

export const reportBehaviours: readonly NodeStoreBehaviour[] = [
  behaviour('keeps a heartbeat with its status', async (store) => {
    await addNode(store, nodeRecord('n'));
    const runningCommand = { id: 'c', phase: 'asked', progressPercent: 5 };
    const report = heartbeatReport(7, { runningCommand, status: runtimeStatus('a'), statusHash: 'hash-a' });
    expectEqual('kept', await store.saveReport('n', report), true);

    const { bootId, sequence, receivedAtMs, expectedByMs } = report;
    const status = { bootId, receivedAtMs, hash: 'hash-a' };
    expectEqual('the node', await store.findNode('n'), {
      node: nodeRecord('n'),
      lastHeartbeat: { bootId, sequence, receivedAtMs, expectedByMs, vitals: report.vitals, runningCommand },
      status,
    });
    expectEqual('the status', await store.findStatus('n'), { ...status, status: runtimeStatus('a') });
  }),

  behaviour('keeps the status when a heartbeat has none, and replaces the rest', async (store) => {
    await addNode(store, nodeRecord('n'));
    const runningCommand = { id: 'c', phase: 'asked' };
    await store.saveReport('n', heartbeatReport(1, { runningCommand, status: runtimeStatus('a'), statusHash: 'h' }));
    const status = await store.findStatus('n');
    await store.saveReport('n', heartbeatReport(2));
    expectEqual('the heartbeat', (await store.findNode('n'))?.lastHeartbeat, heartbeatReport(2));
    expectEqual('the status', await store.findStatus('n'), status);
    await store.saveReport('n', heartbeatReport(3, { status: runtimeStatus('b'), statusHash: 'h2' }));
    expectEqual('the new status', (await store.findStatus('n'))?.status, runtimeStatus('b'));
  }),

  behaviour('gives with a node what its status says about updates', async (store) => {
    await addNode(store, nodeRecord('n'));
    const updates = { mode: 'gated', gate: 'closed', staged: 'abc' } as const;
    await store.saveReport('n', heartbeatReport(1, { status: { ...runtimeStatus('a'), updates }, statusHash: 'h' }));
    expectEqual('with it', (await store.findNode('n'))?.status?.updates, updates);
    await store.saveReport('n', heartbeatReport(2));
    expectEqual('after a heartbeat without a status', (await store.findNode('n'))?.status?.updates, updates);
    await store.saveReport('n', heartbeatReport(3, { status: runtimeStatus('a'), statusHash: 'h2' }));
    expectEqual('after a status without it', (await store.findNode('n'))?.status?.updates, undefined);
  }),

  behaviour('keeps the status of a registration, which is not a heartbeat', async (store) => {
    await addNode(store, nodeRecord('n'));
    const registration: NodeReport = { bootId: 'boot-1', sequence: 0, receivedAtMs: 5, status: runtimeStatus('a') };
    expectEqual('kept', await store.saveReport('n', registration), true);
    expectEqual('kept again', await store.saveReport('n', { ...registration, receivedAtMs: 6 }), true);
    const status = { bootId: 'boot-1', receivedAtMs: 6 };
    expectEqual('the node', await store.findNode('n'), { node: nodeRecord('n'), status });

    await store.saveReport('n', heartbeatReport(1));
    expectEqual('after a heartbeat', await store.saveReport('n', { ...registration, receivedAtMs: 7 }), false);
    expectEqual('the status', (await store.findStatus('n'))?.receivedAtMs, 6);
  }),

  behaviour('keeps a heartbeat without vitals', async (store) => {
    await addNode(store, nodeRecord('n'));
    await store.saveReport('n', heartbeatReport(1));
    const { vitals: _none, ...bare } = heartbeatReport(2);
    expectEqual('kept', await store.saveReport('n', bare), true);
    expectEqual('the heartbeat', (await store.findNode('n'))?.lastHeartbeat, bare);
    expectEqual(
      'its slot',
      (await store.listHistory('n', 'detail')).map(({ heartbeatCount }) => heartbeatCount),
      [2],
    );
  }),

  behaviour('keeps a status with its own time and process', async (store) => {
    await addNode(store, nodeRecord('n'));
    await store.saveReport('n', heartbeatReport(1, { status: runtimeStatus('a'), statusHash: 'h' }));
    await store.saveReport('n', heartbeatReport(2, { status: runtimeStatus('b') }));
    const { bootId, receivedAtMs } = heartbeatReport(2);
    expectEqual('the status', await store.findStatus('n'), { bootId, receivedAtMs, status: runtimeStatus('b') });
  }),

  behaviour('keeps the last heartbeat when a new process registers', async (store) => {
    await addNode(store, nodeRecord('n'));
    await store.saveReport('n', heartbeatReport(5));
    await store.replaceNode(nodeRecord('n', { bootId: 'boot-2' }));
    const registration = { bootId: 'boot-2', sequence: 0, receivedAtMs: NOW_MS, status: runtimeStatus('a') };
    expectEqual('kept', await store.saveReport('n', registration), true);
    expectEqual('the last heartbeat', (await store.findNode('n'))?.lastHeartbeat, heartbeatReport(5));
  }),

  behaviour('accepts and returns reports as copies', async (store) => {
    await addNode(store, nodeRecord('n', { nextToken: issued('a') }));
    const report = heartbeatReport(2, {
      receivedAtMs: NOW_MS + 7_200_000,
      runningCommand: { id: 'c', phase: 'asked' },
      status: runtimeStatus('a'),
    });
    await store.saveReport('n', heartbeatReport(1));
    await store.saveReport('n', report);
    const read = async () => [
      await store.findNode('n'),
      await store.findNodeByTokenHash(issued('a').hash),
      await store.listNodes({ limit: 1 }),
      await store.findStatus('n'),
      await store.listHistory('n', 'detail'),
      await store.listHistory('n', 'hours'),
    ];
    const expected = structuredClone(await read());
    scribbleOver(report);
    scribbleOver(await read());
    expectEqual('what is kept', await read(), expected);
  }),

  behaviour('does not keep a duplicate or late heartbeat', async (store) => {
    await addNode(store, nodeRecord('n'));
    await store.saveReport('n', heartbeatReport(5, { status: runtimeStatus('a'), statusHash: 'h' }));
    await expectUnchanged(store, heartbeatReport(5, { receivedAtMs: NOW_MS + 9, vitals: vitals({ load1: 9 }) }));
    await expectUnchanged(store, heartbeatReport(4, { status: runtimeStatus('late'), statusHash: 'late' }));
  }),

  behaviour('does not keep a heartbeat of a process that is not the running one', async (store) => {
    await addNode(store, nodeRecord('n'));
    await store.saveReport('n', heartbeatReport(5));
    await expectUnchanged(store, heartbeatReport(6, { bootId: 'boot-2' }));
  }),

  behaviour('restarts the sequence when a new process takes over', async (store) => {
    await addNode(store, nodeRecord('n'));
    await store.saveReport('n', heartbeatReport(5));
    await store.replaceNode(nodeRecord('n', { bootId: 'boot-2', supersededBoots: [superseded('boot-1', 5)] }));
    expectEqual('the last heartbeat', (await store.findNode('n'))?.lastHeartbeat, heartbeatReport(5));
    const first = heartbeatReport(1, { bootId: 'boot-2' });
    expectEqual('kept', await store.saveReport('n', first), true);
    expectEqual('the heartbeat', (await store.findNode('n'))?.lastHeartbeat, first);
    await expectUnchanged(store, heartbeatReport(6));
  }),

  behaviour('does not keep a report of a revoked or unknown node', async (store) => {
    await addNode(store, nodeRecord('n'));
    await store.replaceNode(nodeRecord('n', { revokedAtMs: NOW_MS }));
    await expectUnchanged(store, heartbeatReport(1, { status: runtimeStatus('a') }));
    expectEqual('of an unknown node', await store.saveReport('m', heartbeatReport(1)), false);
    expectEqual('its status', await store.findStatus('m'), undefined);
  }),

  behaviour('keeps the newest of many simultaneous heartbeats', async (store) => {
    await addNode(store, nodeRecord('n'));
    const sequences = [7, 2, 12, 5, 1, 11, 9, 3, 8, 10, 4, 6];
    await Promise.all(sequences.map((sequence) => store.saveReport('n', heartbeatReport(sequence))));
    expectEqual('the heartbeat', (await store.findNode('n'))?.lastHeartbeat, heartbeatReport(12));
  }),

  behaviour('loses neither a heartbeat nor a change of the node when both arrive at once', async (store) => {
    await addNode(store, nodeRecord('n'));
    const change = nodeRecord('n', { approvedAtMs: NOW_MS });
    const outcomes = await Promise.all([store.saveReport('n', heartbeatReport(1)), store.replaceNode(change)]);
    expectEqual('the outcomes', outcomes, [true, true]);
    const expected = { node: { ...change, revision: 2 }, lastHeartbeat: heartbeatReport(1) };
    expectEqual('the node', await store.findNode('n'), expected);
  }),

  behaviour('keeps a status exactly as it was received', async (store) => {
    await addNode(store, nodeRecord('n'));
    const status = {
      ...runtimeStatus(`'; DROP TABLE node; --`),
      unknownToThisVersion: {
        quotes: `"'\`\\`,
        emoji: '🏠',
        newline: 'a\r\nb',
        empty: '',
        constructor: 'x',
        number: 1e21,
      },
    } as RuntimeStatus;
    await store.saveReport('n', heartbeatReport(1, { status, statusHash: `h' OR '1'='1` }));
    expectEqual('the status', (await store.findStatus('n'))?.status, status);
    expectEqual('its hash', (await store.findNode('n'))?.status?.hash, `h' OR '1'='1`);
  }),
];

async function expectUnchanged(store: NodeStore, report: NodeReport): Promise<void> {
  const read = async () => [await store.findNode('n'), await store.findStatus('n')];
  const before = await read();
  expectEqual('kept', await store.saveReport('n', report), false);
  expectEqual('the node and its status', await read(), before);
}
