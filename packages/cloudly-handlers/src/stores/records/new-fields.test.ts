import { describe, expect, test } from 'vitest';
import { stores } from '../../../test/fixtures/stores.js';
import type { NodeStore } from '../../fleet/node-store.js';
import {
  addNode,
  commandRecord,
  heartbeatReport,
  joinTokenRecord,
  nodeRecord,
  runtimeStatus,
} from '../suite/fixtures.js';

/** A field that the records of this version do not have, as the next version may add it. */
const added: object = { site: { name: 'Zürich', floor: 3 } };

describe.each(stores)('a new field is stored without a change to the store on $name:', ({ openStore }) => {
  const withNode = async (): Promise<NodeStore> => {
    const store = await openStore();
    await addNode(store, nodeRecord('n', added));
    return store;
  };

  test('a node', async () => {
    const store = await withNode();
    expect((await store.findNode('n'))?.node).toMatchObject(added);
    await store.replaceNode(nodeRecord('n', { ...added, approvedAtMs: 5 }));
    expect((await store.findNode('n'))?.node).toMatchObject({ ...added, approvedAtMs: 5, revision: 2 });
    const withoutIt = nodeRecord('n', { revision: 2 });
    await store.replaceNode(withoutIt);
    expect((await store.findNode('n'))?.node).toEqual({ ...withoutIt, revision: 3 });
  });

  test('a join token', async () => {
    const store = await openStore();
    await store.addJoinToken(joinTokenRecord('j', added));
    expect(await store.findJoinToken('j')).toEqual(joinTokenRecord('j', added));
    expect(await store.revokeJoinToken('j', 5, 'lost')).toMatchObject({ ...added, revokedReason: 'lost' });
  });

  test('a heartbeat', async () => {
    const store = await withNode();
    const report = heartbeatReport(1, { ...added, status: runtimeStatus('a'), statusHash: 'h' });
    await store.saveReport('n', report);
    const { status: _status, statusHash: _statusHash, ...heartbeat } = report;
    expect((await store.findNode('n'))?.lastHeartbeat).toEqual(heartbeat);
  });

  test('a command', async () => {
    const store = await withNode();
    const command = commandRecord('c', added);
    await store.addCommand('n', command);
    expect(await store.listCommands('n', 1)).toEqual([command]);
    const [finished] = await store.saveCommandResults('n', [{ id: 'c', outcome: 'succeeded', ...added }], 6);
    expect(finished?.result).toMatchObject(added);
  });
});
