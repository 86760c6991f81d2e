import { approvalCode } from '@serve.zone/baseos-contracts';
import { describe, expect, test } from 'vitest';
import { createCloudly } from '../../test/fixtures/cloudly.js';
import { createEmulatedNode } from '@serve.zone/baseos-testing/nodes/emulated-node';
import { enrol } from '../../test/fixtures/enrol.js';
import { stores } from '../../test/fixtures/stores.js';
import { allowRebind, revokeNode, unrevokeNode } from '../operator/operator.js';

const DAY_MS = 24 * 3_600_000;

describe.for(stores)('a device that replaces another, on $name', ({ openStore }) => {
  const setUp = async () => {
    const cloudly = createCloudly(await openStore());
    const old = createEmulatedNode();
    const oldToken = await enrol(cloudly, old);
    await cloudly.heartbeat(old.heartbeat(), oldToken);
    const replacement = createEmulatedNode(old.nodeId);
    const code = await approvalCode(replacement.registrationKey);
    const joinToken = await cloudly.createJoinToken({ uses: 2 });
    return { cloudly, nodeId: old.nodeId, old, oldToken, replacement, code, joinToken };
  };

  test('takes the node over once an operator has allowed it: the old key and token are void', async () => {
    const { cloudly, nodeId, old, oldToken, replacement, joinToken, code } = await setUp();
    await allowRebind(cloudly.store, nodeId, { now: cloudly.now, approvalCode: code });
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

  test('takes no use of the join token, but requires a good one', async () => {
    const { cloudly, nodeId, replacement, joinToken, code } = await setUp();
    await allowRebind(cloudly.store, nodeId, { now: cloudly.now, approvalCode: code });
    expect((await cloudly.register(replacement.registration())).problem?.code).toBe('join-token-missing');
    await cloudly.register(replacement.registration(), joinToken);
    expect((await cloudly.store.listJoinTokens()).map(({ usedCount }) => usedCount)).toEqual([1, 0]);
  });

  test('may do so once', async () => {
    const { cloudly, nodeId, replacement, joinToken, code } = await setUp();
    await allowRebind(cloudly.store, nodeId, { now: cloudly.now, approvalCode: code });
    await cloudly.register(replacement.registration(), joinToken);
    const third = createEmulatedNode(nodeId);
    expect((await cloudly.register(third.registration(), joinToken)).problem?.code).toBe('node-id-taken');
    expect((await cloudly.register(replacement.registration())).status).toBe(200);
    const rebound = (await cloudly.store.findNode(nodeId))?.node;
    expect(rebound?.rebind).toBeUndefined();
  });

  test('is the one whose code the operator entered, whoever else arrives with a good join token', async () => {
    const { cloudly, nodeId, old, oldToken, replacement, joinToken, code } = await setUp();
    await allowRebind(cloudly.store, nodeId, { now: cloudly.now, approvalCode: ` ${code.toLowerCase()}` });
    const thief = createEmulatedNode(nodeId);
    expect((await cloudly.register(thief.registration(), joinToken)).problem?.code).toBe('node-id-taken');
    expect(cloudly.events.at(-1)).toMatchObject({
      kind: 'request-refused',
      code: 'node-id-taken',
      approvalCode: await approvalCode(thief.registrationKey),
    });
    expect((await cloudly.heartbeat(old.heartbeat(), oldToken)).status).toBe(200);
    expect((await cloudly.register(replacement.registration(), joinToken)).status).toBe(200);
    expect((await cloudly.register(thief.registration(), joinToken)).problem?.code).toBe('node-id-taken');
  });

  test('is nobody if the code is invalid', async () => {
    const { cloudly, nodeId } = await setUp();
    await expect(allowRebind(cloudly.store, nodeId, { approvalCode: 'ABCD1234' })).rejects.toThrow(TypeError);
    expect((await cloudly.store.findNode(nodeId))?.node.rebind).toBeUndefined();
  });

  test('is admitted once if it asks many times at once', async () => {
    const { cloudly, nodeId, replacement, joinToken, code } = await setUp();
    await allowRebind(cloudly.store, nodeId, { now: cloudly.now, approvalCode: code });
    const thieves = [1, 2, 3].map(() => createEmulatedNode(nodeId));
    const devices = [replacement, ...thieves];
    const results = await Promise.all(devices.map((device) => cloudly.register(device.registration(), joinToken)));
    expect(results.map(({ status }) => status).toSorted((one, other) => one - other)).toEqual([200, 409, 409, 409]);
  });

  test('may do so within 24 hours', async () => {
    const { cloudly, nodeId, replacement, joinToken, code } = await setUp();
    await allowRebind(cloudly.store, nodeId, { now: cloudly.now, approvalCode: code });
    cloudly.advance(DAY_MS);
    const fresh = await cloudly.createJoinToken();
    expect((await cloudly.register(replacement.registration(), joinToken)).problem?.code).toBe('join-token-expired');
    expect((await cloudly.register(replacement.registration(), fresh)).problem?.code).toBe('node-id-taken');
  });

  test('leaves the node to its own device until it registers', async () => {
    const { cloudly, nodeId, old, oldToken, code } = await setUp();
    await allowRebind(cloudly.store, nodeId, { now: cloudly.now, approvalCode: code });
    expect((await cloudly.heartbeat(old.heartbeat(), oldToken)).status).toBe(200);
    expect((await cloudly.register(old.registration())).status).toBe(200);
  });

  test('cannot take over a revoked node, even if it was revoked after the permission', async () => {
    const { cloudly, nodeId, replacement, joinToken, code } = await setUp();
    await allowRebind(cloudly.store, nodeId, { now: cloudly.now, approvalCode: code });
    await revokeNode(cloudly.store, nodeId);
    await allowRebind(cloudly.store, nodeId, { now: cloudly.now, approvalCode: code });
    expect((await cloudly.register(replacement.registration(), joinToken)).problem?.code).toBe('node-id-taken');
    await unrevokeNode(cloudly.store, nodeId);
    expect((await cloudly.register(replacement.registration(), joinToken)).problem?.code).toBe('node-id-taken');
  });

  test('waits for approval if the previous node had not been approved', async () => {
    const cloudly = createCloudly(await openStore());
    const old = createEmulatedNode();
    const joinToken = await cloudly.createJoinToken({ requiresApproval: true, uses: 2 });
    await cloudly.register(old.registration(), joinToken);
    const replacement = createEmulatedNode(old.nodeId);
    const code = await approvalCode(replacement.registrationKey);
    await allowRebind(cloudly.store, old.nodeId, { now: cloudly.now, approvalCode: code });
    expect((await cloudly.register(replacement.registration(), joinToken)).status).toBe(202);
    expect((await cloudly.store.findNode(old.nodeId))?.node.approvalCode).toBe(code);
  });
});
