import { describe, expect, test } from 'vitest';
import { CLOUDLY_ID, createCloudly, type TestCloudly } from '../../test/fixtures/cloudly.js';
import { createEmulatedNode, type EmulatedNode } from '@serve.zone/baseos-testing/nodes/emulated-node';
import { enrol } from '../../test/fixtures/enrol.js';
import { stores } from '../../test/fixtures/stores.js';
import { revokeNode } from '../operator/operator.js';
import { runtimeStatus } from '../stores/suite/fixtures.js';

async function lastHeartbeat({ store }: TestCloudly, { nodeId }: EmulatedNode) {
  return (await store.findNode(nodeId))?.lastHeartbeat;
}

describe.for(stores)('a heartbeat, on $name', ({ openStore }) => {
  test('is stored with its vitals and answered', async () => {
    const cloudly = createCloudly(await openStore(), { heartbeatIntervalMs: 45_000 });
    const device = createEmulatedNode();
    const nodeToken = await enrol(cloudly, device);
    const runningCommand = { id: crypto.randomUUID(), phase: 'downloading', progressPercent: 40 };
    const heartbeat = device.heartbeat({ runningCommand });
    const { status, answer } = await cloudly.heartbeat(heartbeat, nodeToken);
    expect(status).toBe(200);
    expect(answer).toEqual({
      protocol: 1,
      cloudlyId: CLOUDLY_ID,
      serverTime: '2026-11-23T12:00:00.000Z',
      accepted: true,
      heartbeatIntervalMs: 45_000,
      sendFullStatus: true,
    });
    const { bootId, sequence, vitals } = heartbeat;
    expect(await lastHeartbeat(cloudly, device)).toEqual({
      bootId,
      sequence,
      receivedAtMs: cloudly.now(),
      expectedByMs: cloudly.now() + 90_000,
      vitals,
      runningCommand,
    });
  });

  describe('and its status', () => {
    const setUp = async () => {
      const cloudly = createCloudly(await openStore());
      const device = createEmulatedNode();
      const nodeToken = await enrol(cloudly, device);
      const send = async (changes: Parameters<EmulatedNode['heartbeat']>[0]) => {
        const { answer } = await cloudly.heartbeat(device.heartbeat(changes), nodeToken);
        return answer?.sendFullStatus === true;
      };
      return { cloudly, device, send };
    };

    test('is requested until it has been sent', async () => {
      const { send } = await setUp();
      expect(await send({ statusHash: 'a' })).toBe(true);
      expect(await send({ statusHash: 'a', status: runtimeStatus('a') })).toBe(false);
      expect(await send({ statusHash: 'a' })).toBe(false);
    });

    test('is stored as received, with the hash that the node gave it', async () => {
      const { cloudly, device, send } = await setUp();
      const status = { ...runtimeStatus('a'), ofANewerVersion: { deep: [1, '2', null] } };
      await send({ statusHash: 'whatever the node calls it', status });
      expect(await cloudly.store.findStatus(device.nodeId)).toMatchObject({
        hash: 'whatever the node calls it',
        status,
      });
    });

    test('is requested if the hash differs', async () => {
      const { send } = await setUp();
      await send({ statusHash: 'a', status: runtimeStatus('a') });
      expect(await send({ statusHash: 'b' })).toBe(true);
    });

    test('is requested after a restart, even if the hash is the same', async () => {
      const { device, send } = await setUp();
      await send({ statusHash: 'a', status: runtimeStatus('a') });
      device.restart();
      expect(await send({ statusHash: 'a' })).toBe(true);
    });
  });

  test('that arrives twice or late overwrites nothing newer, and is answered nonetheless', async () => {
    const cloudly = createCloudly(await openStore());
    const device = createEmulatedNode();
    const nodeToken = await enrol(cloudly, device);
    const late = device.heartbeat({ status: runtimeStatus('late') });
    const newest = device.heartbeat({ status: runtimeStatus('newest') });
    await cloudly.heartbeat(newest, nodeToken);
    const before = await cloudly.store.findNode(device.nodeId);

    for (const heartbeat of [late, newest]) {
      cloudly.advance(1000);
      const { status, answer } = await cloudly.heartbeat(heartbeat, nodeToken);
      expect([status, answer?.sendFullStatus]).toEqual([200, undefined]);
    }
    expect(await cloudly.store.findNode(device.nodeId)).toEqual(before);
    expect((await cloudly.store.findStatus(device.nodeId))?.status.host.hostname).toBe('newest');
  });

  test('of a process that a newer one has replaced overwrites nothing', async () => {
    const cloudly = createCloudly(await openStore());
    const device = createEmulatedNode();
    const nodeToken = await enrol(cloudly, device);
    const late = [device.heartbeat(), device.heartbeat(), device.heartbeat()];
    device.restart();
    await cloudly.heartbeat(device.heartbeat({ statusHash: 'new', status: runtimeStatus('new') }), nodeToken);
    const kept = async () => {
      const stored = await cloudly.store.findNode(device.nodeId);
      return [stored?.lastHeartbeat, stored?.status, stored?.node.bootId];
    };
    const before = await kept();

    const results = await Promise.all(late.map((heartbeat) => cloudly.heartbeat(heartbeat, nodeToken)));
    expect(results.map(({ status, answer }) => [status, answer?.sendFullStatus])).toEqual(
      late.map(() => [200, undefined]),
    );
    expect(await kept()).toEqual(before);
  });

  test('leaves a record of the most recent processes only, after many restarts', async () => {
    const cloudly = createCloudly(await openStore());
    const device = createEmulatedNode();
    const nodeToken = await enrol(cloudly, device);
    for (let restart = 0; restart < 20; restart += 1) {
      device.restart();
      await cloudly.heartbeat(device.heartbeat(), nodeToken);
    }
    expect((await cloudly.store.findNode(device.nodeId))?.node.supersededBoots).toHaveLength(8);
  });

  test('of a new process keeps a record of how far the previous ones had come, and when', async () => {
    const cloudly = createCloudly(await openStore());
    const device = createEmulatedNode();
    const startMs = cloudly.now();
    const nodeToken = await enrol(cloudly, device);
    const [first, second] = [device.heartbeat(), device.heartbeat()];
    for (const heartbeat of [first, second]) {
      cloudly.advance(1000);
      await cloudly.heartbeat(heartbeat, nodeToken);
    }
    device.restart();
    cloudly.advance(1000);
    const registration = device.registration();
    await cloudly.register(registration);
    device.restart();
    cloudly.advance(1000);
    await cloudly.heartbeat(device.heartbeat(), nodeToken);

    expect((await cloudly.store.findNode(device.nodeId))?.node.supersededBoots).toEqual([
      { bootId: registration.bootId, lastSequence: 0, lastSeenAtMs: startMs + 3000, supersededAtMs: startMs + 4000 },
      { bootId: second.bootId, lastSequence: 2, lastSeenAtMs: startMs + 2000, supersededAtMs: startMs + 3000 },
    ]);
  });

  test('that arrives many times at once ends with the newest', async () => {
    const cloudly = createCloudly(await openStore());
    const device = createEmulatedNode();
    const nodeToken = await enrol(cloudly, device);
    const heartbeats = Array.from({ length: 12 }, () => device.heartbeat());
    const results = await Promise.all(
      heartbeats.toReversed().map((heartbeat) => cloudly.heartbeat(heartbeat, nodeToken)),
    );
    expect(results.every(({ status }) => status === 200)).toBe(true);
    expect((await lastHeartbeat(cloudly, device))?.sequence).toBe(12);
  });

  test('with results of unknown commands: they are dropped with 200', async () => {
    const cloudly = createCloudly(await openStore());
    const device = createEmulatedNode();
    const nodeToken = await enrol(cloudly, device);
    const commandResults = [{ id: crypto.randomUUID(), outcome: 'succeeded' as const }];
    expect((await cloudly.heartbeat(device.heartbeat({ commandResults }), nodeToken)).status).toBe(200);
  });

  describe('is rejected with 401 node-token-unknown', () => {
    test('without a token', async () => {
      const cloudly = createCloudly(await openStore());
      const { status, problem } = await cloudly.heartbeat(createEmulatedNode().heartbeat());
      expect([status, problem?.code, problem?.detail]).toEqual([401, 'node-token-unknown', 'No node token was sent.']);
    });

    test('with the token of another node, and nothing is stored for either', async () => {
      const cloudly = createCloudly(await openStore());
      const [one, other] = [createEmulatedNode(), createEmulatedNode()];
      const [, othersToken] = [await enrol(cloudly, one), await enrol(cloudly, other)];
      const { status, problem } = await cloudly.heartbeat(one.heartbeat(), othersToken);
      expect([status, problem?.code]).toEqual([401, 'node-token-unknown']);
      expect(await lastHeartbeat(cloudly, one)).toBeUndefined();
      expect(await lastHeartbeat(cloudly, other)).toBeUndefined();
      expect((await cloudly.store.findNode(other.nodeId))?.node.currentToken).toBeUndefined();
    });

    test.for([
      ['mistyped', (token: string) => `${token.slice(0, -1)}_`, 'typo'],
      ['in an old format', () => 'a-token-of-before', 'starts with bnt_'],
    ] as const)('with a token that is %s, and the answer says so', async ([, change, words]) => {
      const cloudly = createCloudly(await openStore());
      const device = createEmulatedNode();
      const { problem } = await cloudly.heartbeat(device.heartbeat(), change(await enrol(cloudly, device)));
      expect(problem).toMatchObject({ code: 'node-token-unknown', detail: expect.stringContaining(words) });
    });

    test('with a join token, and the answer says so', async () => {
      const cloudly = createCloudly(await openStore());
      const { problem } = await cloudly.heartbeat(createEmulatedNode().heartbeat(), await cloudly.createJoinToken());
      expect(problem).toMatchObject({ code: 'node-token-unknown', detail: expect.stringContaining('join token') });
    });

    test('with a well-formed token of another Cloudly', async () => {
      const device = createEmulatedNode();
      const nodeToken = await enrol(createCloudly(await openStore()), device);
      const { problem } = await createCloudly(await openStore()).heartbeat(device.heartbeat(), nodeToken);
      expect(problem?.code).toBe('node-token-unknown');
    });
  });

  describe('of a revoked node', () => {
    test('is answered with 410 node-revoked and its node ID, and is not stored', async () => {
      const cloudly = createCloudly(await openStore());
      const device = createEmulatedNode();
      const nodeToken = await enrol(cloudly, device);
      await revokeNode(cloudly.store, device.nodeId);
      const { status, problem } = await cloudly.heartbeat(device.heartbeat(), nodeToken);
      expect(status).toBe(410);
      expect(problem).toMatchObject({ code: 'node-revoked', nodeId: device.nodeId, cloudlyId: CLOUDLY_ID });
      expect(await lastHeartbeat(cloudly, device)).toBeUndefined();
    });

    test('does not reveal the revocation to a sender without a token of that node', async () => {
      const cloudly = createCloudly(await openStore());
      const [device, other] = [createEmulatedNode(), createEmulatedNode()];
      await enrol(cloudly, device);
      const othersToken = await enrol(cloudly, other);
      await revokeNode(cloudly.store, device.nodeId);
      expect((await cloudly.heartbeat(device.heartbeat(), othersToken)).problem?.code).toBe('node-token-unknown');
      expect((await cloudly.heartbeat(device.heartbeat(), 'guess')).problem?.code).toBe('node-token-unknown');
    });

    test('is answered with 410 even if the node was revoked during the heartbeat', async () => {
      const store = await openStore();
      const device = createEmulatedNode();
      const revokedOnRead: typeof store = {
        ...store,
        async findNodeByTokenHash(hash) {
          const found = await store.findNodeByTokenHash(hash);
          await revokeNode(store, device.nodeId);
          return found;
        },
      };
      const nodeToken = await enrol(createCloudly(store), device);
      const { status } = await createCloudly(revokedOnRead).heartbeat(device.heartbeat(), nodeToken);
      expect(status).toBe(410);
    });
  });
});
