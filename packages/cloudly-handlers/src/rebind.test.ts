import { approvalCode } from '@serve.zone/baseos-contracts';
import { describe, expect, test } from 'vitest';
import { createCloudly } from './fixtures/cloudly.js';
import { createDevice, enrol } from './fixtures/device.js';
import { stores } from './fixtures/stores.js';
import { allowRebind, revokeNode, unrevokeNode } from './operator.js';

const DAY_MS = 24 * 3_600_000;

describe.for(stores)('a device that replaces another, on $name', ({ openStore }) => {
  const setUp = async () => {
    const cloudly = createCloudly(await openStore());
    const old = await createDevice();
    const oldToken = await enrol(cloudly, old);
    await cloudly.heartbeat(old.heartbeat(), oldToken);
    const replacement = await createDevice(old.nodeId);
    const joinToken = await cloudly.createJoinToken({ uses: 2 });
    return { cloudly, nodeId: old.nodeId, old, oldToken, replacement, joinToken };
  };

  test('takes the node over when an operator has allowed it: the old key and token are void', async () => {
    const { cloudly, nodeId, old, oldToken, replacement, joinToken } = await setUp();
    await allowRebind(cloudly.store, nodeId, { now: cloudly.now });
    const { status, answer } = await cloudly.register(replacement.registration(), joinToken);
    expect(status).toBe(200);
    const nodeToken = answer?.accepted ? answer.nodeToken : '';
    expect((await cloudly.heartbeat(replacement.heartbeat(), nodeToken)).status).toBe(200);
    expect((await cloudly.heartbeat(old.heartbeat(), oldToken)).status).toBe(401);
    expect((await cloudly.register(old.registration())).problem?.code).toBe('join-token-missing');
    expect((await cloudly.register(old.registration(), joinToken)).problem?.code).toBe('node-id-taken');
    const node = (await cloudly.store.findNode(nodeId))?.node;
    expect(node?.approvalCode).toBe(await approvalCode(replacement.registrationKey));
    expect(cloudly.events).toContainEqual(expect.objectContaining({ kind: 'node-rebound', nodeId }));
  });

  test('takes no use of the join token, but needs a good one', async () => {
    const { cloudly, nodeId, replacement, joinToken } = await setUp();
    await allowRebind(cloudly.store, nodeId, { now: cloudly.now });
    expect((await cloudly.register(replacement.registration())).problem?.code).toBe('join-token-missing');
    await cloudly.register(replacement.registration(), joinToken);
    expect((await cloudly.store.listJoinTokens()).map(({ usedCount }) => usedCount)).toEqual([1, 0]);
  });

  test('may do so once', async () => {
    const { cloudly, nodeId, replacement, joinToken } = await setUp();
    await allowRebind(cloudly.store, nodeId, { now: cloudly.now });
    await cloudly.register(replacement.registration(), joinToken);
    const third = await createDevice(nodeId);
    expect((await cloudly.register(third.registration(), joinToken)).problem?.code).toBe('node-id-taken');
    expect((await cloudly.register(replacement.registration())).status).toBe(200);
  });

  test('is one device when two come at once', async () => {
    const { cloudly, nodeId, joinToken } = await setUp();
    await allowRebind(cloudly.store, nodeId, { now: cloudly.now });
    const devices = await Promise.all([1, 2, 3, 4].map(() => createDevice(nodeId)));
    const results = await Promise.all(devices.map((device) => cloudly.register(device.registration(), joinToken)));
    expect(results.map(({ status }) => status).toSorted((one, other) => one - other)).toEqual([200, 409, 409, 409]);
  });

  test('may do so within 24 hours', async () => {
    const { cloudly, nodeId, replacement, joinToken } = await setUp();
    await allowRebind(cloudly.store, nodeId, { now: cloudly.now });
    cloudly.advance(DAY_MS);
    const fresh = await cloudly.createJoinToken();
    expect((await cloudly.register(replacement.registration(), joinToken)).problem?.code).toBe('join-token-expired');
    expect((await cloudly.register(replacement.registration(), fresh)).problem?.code).toBe('node-id-taken');
  });

  test('leaves the node to its own device as long as it has not come', async () => {
    const { cloudly, nodeId, old, oldToken } = await setUp();
    await allowRebind(cloudly.store, nodeId, { now: cloudly.now });
    expect((await cloudly.heartbeat(old.heartbeat(), oldToken)).status).toBe(200);
    expect((await cloudly.register(old.registration())).status).toBe(200);
  });

  test('gets no revoked node, also when it was revoked after it was allowed', async () => {
    const { cloudly, nodeId, replacement, joinToken } = await setUp();
    await allowRebind(cloudly.store, nodeId, { now: cloudly.now });
    await revokeNode(cloudly.store, nodeId);
    await allowRebind(cloudly.store, nodeId, { now: cloudly.now });
    expect((await cloudly.register(replacement.registration(), joinToken)).problem?.code).toBe('node-id-taken');
    await unrevokeNode(cloudly.store, nodeId);
    expect((await cloudly.register(replacement.registration(), joinToken)).problem?.code).toBe('node-id-taken');
  });

  test('waits for approval where the node before it had not got it', async () => {
    const cloudly = createCloudly(await openStore());
    const old = await createDevice();
    const joinToken = await cloudly.createJoinToken({ requiresApproval: true, uses: 2 });
    await cloudly.register(old.registration(), joinToken);
    await allowRebind(cloudly.store, old.nodeId, { now: cloudly.now });
    const replacement = await createDevice(old.nodeId);
    expect((await cloudly.register(replacement.registration(), joinToken)).status).toBe(202);
    const code = (await cloudly.store.findNode(old.nodeId))?.node.approvalCode;
    expect(code).toBe(await approvalCode(replacement.registrationKey));
  });
});
