import { describe, expect, test } from 'vitest';
import type { NodeStore } from '../fleet/node-store.js';
import { createCloudly } from '../../test/fixtures/cloudly.js';
import { createEmulatedNode } from '@serve.zone/baseos-testing/nodes/emulated-node';
import { enrol } from '../../test/fixtures/enrol.js';
import { stores } from '../../test/fixtures/stores.js';
import { createMemoryStore } from '../stores/memory/memory-store.js';
import {
  allowRebind,
  approveNode,
  forgetNode,
  revokeNode,
  rotateNodeToken,
  unrevokeNode,
  voidNodeTokens,
} from './operator.js';

async function storeWithNode() {
  const store = createMemoryStore();
  const device = createEmulatedNode();
  await enrol(createCloudly(store), device);
  return { store, nodeId: device.nodeId };
}

describe('approveNode and revokeNode', () => {
  test('report that the node does not exist', async () => {
    expect(await approveNode(createMemoryStore(), 'nobody')).toBeUndefined();
    expect(await revokeNode(createMemoryStore(), 'nobody')).toBeUndefined();
  });

  test('keep the first timestamp', async () => {
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

  test('retry if the node was changed meanwhile, and undo nothing', async () => {
    const { store, nodeId } = await storeWithNode();
    let interfered = false;
    const contended: NodeStore = {
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

test('every decision reports that the node does not exist', async () => {
  const store = createMemoryStore();
  const rebind: typeof revokeNode = (fleet, nodeId) =>
    allowRebind(fleet, nodeId, { approvalCode: '0000-0000-0000-0000' });
  for (const decide of [unrevokeNode, rebind, rotateNodeToken, voidNodeTokens]) {
    expect(await decide(store, 'nobody')).toBeUndefined();
  }
  expect(await forgetNode(store, 'nobody')).toBe(false);
});

describe.for(stores)('an operator, on $name', ({ openStore }) => {
  const setUp = async () => {
    const cloudly = createCloudly(await openStore());
    const device = createEmulatedNode();
    const nodeToken = await enrol(cloudly, device);
    const beat = async (token = nodeToken) => (await cloudly.heartbeat(device.heartbeat(), token)).status;
    await beat();
    return { cloudly, device, nodeId: device.nodeId, nodeToken, beat };
  };

  test('lifts a revocation: token and key are valid again', async () => {
    const { cloudly, device, nodeId, beat } = await setUp();
    await revokeNode(cloudly.store, nodeId);
    expect(await beat()).toBe(410);
    expect(await unrevokeNode(cloudly.store, nodeId)).not.toHaveProperty('revokedAtMs');
    expect(await beat()).toBe(200);
    expect((await cloudly.register(device.registration())).status).toBe(200);
  });

  test('invalidates a leaked token at once, and the node returns with its key', async () => {
    const { cloudly, device, nodeId, nodeToken, beat } = await setUp();
    await voidNodeTokens(cloudly.store, nodeId, nodeToken.split('_')[1]);
    expect(await beat()).toBe(401);
    const { answer } = await cloudly.register(device.registration());
    expect(await beat(answer?.accepted ? answer.nodeToken : '')).toBe(200);
    expect(await beat()).toBe(401);
  });

  test('invalidates one token and leaves the other', async () => {
    const { cloudly, device, nodeId, nodeToken, beat } = await setUp();
    const { answer } = await cloudly.register(device.registration());
    const next = answer?.accepted ? answer.nodeToken : '';
    await voidNodeTokens(cloudly.store, nodeId, next.split('_')[1]);
    expect([await beat(next), await beat()]).toEqual([401, 200]);
    await voidNodeTokens(cloudly.store, nodeId, 'no such ID');
    expect(await beat()).toBe(200);
    expect(nodeToken).not.toBe(next);
  });

  test('invalidates all tokens of a node', async () => {
    const { cloudly, device, nodeId, beat } = await setUp();
    const { answer } = await cloudly.register(device.registration());
    await voidNodeTokens(cloudly.store, nodeId);
    expect([await beat(answer?.accepted ? answer.nodeToken : ''), await beat()]).toEqual([401, 401]);
  });

  test('forgets a node: its token becomes invalid, and its ID is free', async () => {
    const { cloudly, device, nodeId, beat } = await setUp();
    await revokeNode(cloudly.store, nodeId);
    expect(await forgetNode(cloudly.store, nodeId)).toBe(true);
    expect(await beat()).toBe(401);
    expect((await cloudly.register(device.registration())).status).toBe(401);
    expect((await cloudly.register(device.registration(), await cloudly.createJoinToken())).status).toBe(201);
  });
});
