import { approvalCode, endpoints, parseProblem } from '@serve.zone/baseos-contracts';
import { describe, expect, test } from 'vitest';
import { adoptNode } from '../../operator/adopt-node.js';
import { createCloudly, post } from '../../../test/fixtures/cloudly.js';
import { createEmulatedNode } from '@serve.zone/baseos-testing/nodes/emulated-node';
import { enrol } from '../../../test/fixtures/enrol.js';
import { stores } from '../../../test/fixtures/stores.js';
import { allowRebind, approveNode, revokeNode } from '../../operator/operator.js';
import { runtimeStatus } from '../../stores/suite/fixtures.js';

describe.for(stores)('a legacy node, on $name', ({ openStore }) => {
  const setUp = async (legacyNodes = true) => {
    const cloudly = createCloudly(await openStore(), { legacyNodes });
    const send = async (path: string, body: object, bearer?: string) => {
      const response = await cloudly.fetch(post(path, JSON.stringify(body), bearer));
      const text = await response.text();
      const problem = parseProblem(text);
      const answer = JSON.parse(text) as { nodeToken?: string; nodeId?: string; protocol?: number };
      return { status: response.status, answer, code: problem.ok ? problem.value.code : undefined };
    };
    return {
      cloudly,
      register: (body: object, bearer?: string) => send(endpoints.register.path, body, bearer),
      beat: (body: object, bearer?: string) => send(endpoints.heartbeat.path, body, bearer),
    };
  };

  test('is rejected as one of another protocol unless Cloudly is configured to serve it', async () => {
    const { cloudly, register } = await setUp(false);
    const { status, code } = await register({ nodeId: 'till-7' }, await cloudly.createJoinToken());
    expect([status, code]).toEqual([422, 'unsupported-protocol']);
  });

  test('registers with its join token and sends heartbeats, and gets the answers of its former Cloudly', async () => {
    const { cloudly, register, beat } = await setUp();
    const registered = await register(
      { nodeId: 'till-7', status: runtimeStatus('till') },
      await cloudly.createJoinToken(),
    );
    expect(registered).toEqual({
      status: 201,
      answer: { nodeId: 'till-7', nodeToken: expect.stringMatching(/^bnt_/) },
      code: undefined,
    });
    const nodeToken = registered.answer.nodeToken;
    for (const body of [{ nodeId: 'till-7' }, { status: runtimeStatus('renamed') }, { anything: { else: [1] } }]) {
      cloudly.advance(60_000);
      expect(await beat(body, nodeToken)).toEqual({ status: 200, answer: {}, code: undefined });
    }
    const stored = await cloudly.store.findNode('till-7');
    expect(stored?.lastHeartbeat).toMatchObject({ sequence: 3, receivedAtMs: cloudly.now() });
    expect((await cloudly.store.findStatus('till-7'))?.status.host.hostname).toBe('renamed');
    expect(stored && cloudly.handlers.connectivityOf(stored)).toBe('online');
  });

  test('may send its join token in the body, and get a node ID', async () => {
    const { cloudly, register, beat } = await setUp();
    const { status, answer } = await register({ joinToken: await cloudly.createJoinToken() });
    expect([status, answer.nodeId]).toEqual([201, expect.stringMatching(/^[\da-f-]{36}$/)]);
    expect((await beat({ nodeId: answer.nodeId }, answer.nodeToken)).status).toBe(200);
  });

  test('gets another token for the same join token until it has used the first, which may have been lost', async () => {
    const { cloudly, register, beat } = await setUp();
    const joinToken = await cloudly.createJoinToken({ uses: 1 });
    await register({ nodeId: 'till-7' }, joinToken);
    const again = await register({ nodeId: 'till-7' }, joinToken);
    expect(again.status).toBe(200);
    expect((await beat({}, again.answer.nodeToken)).status).toBe(200);
    expect((await cloudly.store.listJoinTokens())[0]?.usedCount).toBe(1);
  });

  test('cannot be taken over once it has used its token', async () => {
    const { cloudly, register, beat } = await setUp();
    const joinToken = await cloudly.createJoinToken({ uses: 5 });
    const { answer } = await register({ nodeId: 'till-7' }, joinToken);
    await beat({}, answer.nodeToken);
    expect(await register({ nodeId: 'till-7' }, joinToken)).toMatchObject({ status: 409, code: 'node-id-taken' });
    const other = await cloudly.createJoinToken();
    expect(await register({ nodeId: 'till-7' }, other)).toMatchObject({ status: 409, code: 'node-id-taken' });
    expect((await beat({}, answer.nodeToken)).status).toBe(200);
  });

  test('cannot take over a node that has a key', async () => {
    const { cloudly, register } = await setUp();
    const device = createEmulatedNode();
    await enrol(cloudly, device);
    const { code } = await register({ nodeId: device.nodeId }, await cloudly.createJoinToken());
    expect(code).toBe('node-id-taken');
  });

  test('cannot be taken over with a join token for the whole fleet, even before its first heartbeat', async () => {
    const { cloudly, register, beat } = await setUp();
    const joinToken = await cloudly.createJoinToken({ uses: 5 });
    const { answer } = await register({ nodeId: 'till-7' }, joinToken);
    expect(await register({ nodeId: 'till-7' }, joinToken)).toMatchObject({ status: 409, code: 'node-id-taken' });
    expect((await beat({}, answer.nodeToken)).status).toBe(200);
  });

  test('cannot replace another node, because it has no key by which an operator could name it', async () => {
    const { cloudly, register } = await setUp();
    const device = createEmulatedNode('till-7');
    await enrol(cloudly, device);
    const code = await approvalCode('till-7');
    await allowRebind(cloudly.store, 'till-7', { now: cloudly.now, approvalCode: code });
    const { status } = await register({ nodeId: 'till-7' }, await cloudly.createJoinToken());
    expect(status).toBe(409);
  });

  test('cannot be impersonated by a node with a key, so that nobody escapes the detection of copied disks', async () => {
    const { cloudly, beat } = await setUp();
    const device = createEmulatedNode();
    const nodeToken = await enrol(cloudly, device);
    expect((await cloudly.heartbeat(device.heartbeat(), nodeToken)).status).toBe(200);
    expect(await beat({ nodeId: device.nodeId }, nodeToken)).toMatchObject({
      status: 422,
      code: 'unsupported-protocol',
    });
    expect((await cloudly.store.findNode(device.nodeId))?.node.bootId).toBe(device.bootId());
  });

  test('is rejected without a good join token or node token, and with another node’s token', async () => {
    const { cloudly, register, beat } = await setUp();
    expect(await register({ nodeId: 'till-7' })).toMatchObject({ status: 401, code: 'join-token-missing' });
    expect(await register({ nodeId: 'till-7' }, 'old')).toMatchObject({ status: 401, code: 'join-token-unknown' });
    expect(await beat({ nodeId: 'till-7' }, 'old')).toMatchObject({ status: 401, code: 'node-token-unknown' });
    const { answer } = await register({ nodeId: 'till-7' }, await cloudly.createJoinToken());
    expect(await beat({ nodeId: 'till-8' }, answer.nodeToken)).toMatchObject({ status: 401 });
  });

  test('waits for approval if its join token requires it', async () => {
    const { cloudly, register, beat } = await setUp();
    const joinToken = await cloudly.createJoinToken({ requiresApproval: true, uses: 1 });
    expect((await register({ nodeId: 'till-7' }, joinToken)).status).toBe(202);
    expect((await register({ nodeId: 'till-7' }, joinToken)).status).toBe(202);
    await approveNode(cloudly.store, 'till-7');
    const { status, answer } = await register({ nodeId: 'till-7' }, joinToken);
    expect(status).toBe(200);
    expect((await beat({}, answer.nodeToken)).status).toBe(200);
  });

  test('is revoked like any other', async () => {
    const { cloudly, register, beat } = await setUp();
    const { answer } = await register({ nodeId: 'till-7' }, await cloudly.createJoinToken());
    await revokeNode(cloudly.store, 'till-7');
    expect(await beat({}, answer.nodeToken)).toMatchObject({ status: 410, code: 'node-revoked' });
  });

  test('continues with its token as a BaseRunner, and back', async () => {
    const { cloudly, register, beat } = await setUp();
    const { answer } = await register({ nodeId: 'till-7' }, await cloudly.createJoinToken());
    await beat({}, answer.nodeToken);
    const upgraded = createEmulatedNode('till-7');
    expect((await cloudly.heartbeat(upgraded.heartbeat(), answer.nodeToken)).status).toBe(200);
    expect((await cloudly.heartbeat(upgraded.heartbeat(), answer.nodeToken)).status).toBe(200);
    cloudly.advance(60_000);
    expect((await beat({}, answer.nodeToken)).status).toBe(200);
    cloudly.advance(60_000);
    expect((await beat({}, answer.nodeToken)).status).toBe(200);
    const stored = await cloudly.store.findNode('till-7');
    expect(stored?.lastHeartbeat?.receivedAtMs).toBe(cloudly.now());
    expect(stored?.node.cloneSuspectedAtMs).toBeUndefined();
  });

  test('that registers many times at once is one node', async () => {
    const { cloudly, register } = await setUp();
    const joinToken = await cloudly.createJoinToken({ uses: 1 });
    const results = await Promise.all(Array.from({ length: 6 }, () => register({ nodeId: 'till-7' }, joinToken)));
    expect(results.map(({ status }) => status).toSorted((one, other) => one - other)).toEqual([
      200, 200, 200, 200, 200, 201,
    ]);
    expect((await cloudly.store.listJoinTokens())[0]?.usedCount).toBe(1);
  });

  describe('a node that another Cloudly enrolled', () => {
    const adopted = { nodeId: 'till-7', nodeToken: 'a token of before' };

    test('continues with its token once it is adopted, and gets one of this Cloudly when it is upgraded', async () => {
      const { cloudly, beat } = await setUp();
      const token = 'token-of-before';
      const node = await adoptNode(cloudly.store, { nodeId: 'till-7', nodeToken: token }, { now: cloudly.now });
      expect(node).toMatchObject({ nodeId: 'till-7', approvedAtMs: cloudly.now() });
      expect((await beat({ nodeId: 'till-7' }, token)).status).toBe(200);

      cloudly.advance(31 * 24 * 3_600_000);
      expect(await beat({}, token)).toEqual({ status: 200, answer: {}, code: undefined });
      const upgraded = createEmulatedNode('till-7');
      const { answer } = await cloudly.heartbeat(upgraded.heartbeat(), token);
      expect(answer?.nextNodeToken).toMatch(/^bnt_/);
      expect((await cloudly.heartbeat(upgraded.heartbeat(), answer?.nextNodeToken)).status).toBe(200);
      expect((await beat({}, token)).status).toBe(401);
    });

    test('is adopted once, and does not change an existing node', async () => {
      const { cloudly } = await setUp();
      expect(await adoptNode(cloudly.store, adopted)).toBeDefined();
      const before = await cloudly.store.findNode('till-7');
      expect(await adoptNode(cloudly.store, { ...adopted, nodeToken: 'another' })).toBeUndefined();
      expect(await adoptNode(cloudly.store, { nodeId: 'till-8', nodeToken: 'b' })).toBeDefined();
      expect(await cloudly.store.findNode('till-7')).toEqual(before);
    });

    test('is not adopted under an ID that the contract does not permit', async () => {
      const { cloudly } = await setUp();
      await expect(adoptNode(cloudly.store, { ...adopted, nodeId: 'a b' })).rejects.toThrow(TypeError);
      expect(await cloudly.store.listNodes({ limit: 10 })).toEqual([]);
    });
  });
});
