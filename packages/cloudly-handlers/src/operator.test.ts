import { describe, expect, test } from 'vitest';
import type { FleetStore } from './fleet-store.js';
import { createCloudly } from './fixtures/cloudly.js';
import { createDevice, enrol } from './fixtures/device.js';
import { createMemoryStore } from './memory-store.js';
import { approveNode, revokeNode } from './operator.js';

const storeWithNode = async () => {
  const store = createMemoryStore();
  const device = await createDevice();
  await enrol(createCloudly(store), device);
  return { store, nodeId: device.nodeId };
};

describe('approveNode and revokeNode', () => {
  test('tell that there is no such node', async () => {
    expect(await approveNode(createMemoryStore(), 'nobody')).toBeUndefined();
    expect(await revokeNode(createMemoryStore(), 'nobody')).toBeUndefined();
  });

  test('keep the instant of the first time', async () => {
    const { store, nodeId } = await storeWithNode();
    await revokeNode(store, nodeId, { now: () => 5 });
    expect((await revokeNode(store, nodeId, { now: () => 6 }))?.revokedAtMs).toBe(5);
    expect((await store.findNode(nodeId))?.node.revokedAtMs).toBe(5);
  });

  test('keep the token hashes of a revoked node, so that its own token still gets the verdict', async () => {
    const { store, nodeId } = await storeWithNode();
    const before = (await store.findNode(nodeId))?.node.nextToken;
    expect((await revokeNode(store, nodeId))?.nextToken).toEqual(before);
    expect(before).toBeDefined();
  });

  test('begin anew when the node was changed meanwhile, and undo nothing', async () => {
    const { store, nodeId } = await storeWithNode();
    let interfered = false;
    const contended: FleetStore = {
      ...store,
      async findNode(id) {
        const found = await store.findNode(id);
        if (found && !interfered) {
          interfered = true;
          await store.replaceNode({ ...found.node, bootId: 'meanwhile' });
        }
        return found;
      },
    };
    expect(await revokeNode(contended, nodeId, { now: () => 5 })).toMatchObject({
      bootId: 'meanwhile',
      revokedAtMs: 5,
    });
  });
});
