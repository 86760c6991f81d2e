import { approvalCode } from '@serve.zone/baseos-contracts';
import { describe, expect, test } from 'vitest';
import { CLOUDLY_ID, createCloudly, type TestCloudly } from '../../test/fixtures/cloudly.js';
import { createEmulatedNode } from '@serve.zone/baseos-testing/nodes/emulated-node';
import { enrol } from '../../test/fixtures/enrol.js';
import { stores } from '../../test/fixtures/stores.js';
import { approveNode, revokeNode } from '../operator/operator.js';
import { runtimeStatus } from '../stores/suite/fixtures.js';

const HOUR_MS = 3_600_000;
const ID_BYTES = 8;

async function usedCounts({ store }: TestCloudly) {
  return (await store.listJoinTokens()).map(({ usedCount }) => usedCount);
}

describe.for(stores)('a registration, on $name', ({ openStore }) => {
  test('of a new node with its join token: 201 with a working node token', async () => {
    const cloudly = createCloudly(await openStore());
    const device = createEmulatedNode();
    const { status, answer } = await cloudly.register(device.registration(), await cloudly.createJoinToken());
    expect(status).toBe(201);
    expect(answer).toMatchObject({ protocol: 1, cloudlyId: CLOUDLY_ID, accepted: true, nodeId: device.nodeId });
    expect(answer?.serverTime).toBe('2026-11-23T12:00:00.000Z');
    const nodeToken = answer?.accepted ? answer.nodeToken : '';
    expect(nodeToken).toMatch(/^bnt_[0-9A-Za-z]{11}_[0-9A-Za-z]{49}$/);
    expect((await cloudly.heartbeat(device.heartbeat(), nodeToken)).status).toBe(200);
  });

  test('stores the status that the node sent', async () => {
    const cloudly = createCloudly(await openStore());
    const device = createEmulatedNode();
    await enrol(cloudly, device);
    const stored = await cloudly.store.findStatus(device.nodeId);
    expect(stored?.status).toEqual(device.registration().status);
  });

  test('stores no secret: neither the node token nor the registration key', async () => {
    const cloudly = createCloudly(await openStore());
    const device = createEmulatedNode();
    const nodeToken = await enrol(cloudly, device);
    const kept = JSON.stringify([await cloudly.store.findNode(device.nodeId), await cloudly.store.listJoinTokens()]);
    expect(kept).not.toContain(device.registrationKey);
    expect(kept).not.toContain(nodeToken.split('_')[2]);
  });

  test('returns the interval that Cloudly sets', async () => {
    const cloudly = createCloudly(await openStore(), { heartbeatIntervalMs: 30_000 });
    const device = createEmulatedNode();
    const { answer } = await cloudly.register(device.registration(), await cloudly.createJoinToken());
    expect(answer).toMatchObject({ heartbeatIntervalMs: 30_000 });
  });

  test('that is repeated because its answer was lost: 200 with a fresh token, and no second use', async () => {
    const cloudly = createCloudly(await openStore());
    const device = createEmulatedNode();
    const joinToken = await cloudly.createJoinToken({ uses: 1 });
    const lost = await cloudly.register(device.registration(), joinToken);
    const { status, answer } = await cloudly.register(device.registration(), joinToken);
    expect(status).toBe(200);
    const lostToken = lost.answer?.accepted ? lost.answer.nodeToken : '';
    const nodeToken = answer?.accepted ? answer.nodeToken : '';
    expect(nodeToken).not.toBe(lostToken);
    expect(await usedCounts(cloudly)).toEqual([1]);
    expect((await cloudly.heartbeat(device.heartbeat(), nodeToken)).status).toBe(200);
    expect((await cloudly.heartbeat(device.heartbeat(), lostToken)).status).toBe(401);
  });

  test.for([
    ['has no join token', undefined],
    ['has an unknown join token', 'bjt_nobody'],
  ])('of a known node that %s: admitted by its key', async ([, joinToken]) => {
    const cloudly = createCloudly(await openStore());
    const device = createEmulatedNode();
    await enrol(cloudly, device);
    const { status } = await cloudly.register(device.registration(), joinToken);
    expect(status).toBe(200);
  });

  test('of a known node whose join token has expired: admitted by its key', async () => {
    const cloudly = createCloudly(await openStore());
    const device = createEmulatedNode();
    const joinToken = await cloudly.createJoinToken({ expiresInMs: HOUR_MS });
    await cloudly.register(device.registration(), joinToken);
    cloudly.advance(2 * HOUR_MS);
    expect((await cloudly.register(device.registration(), joinToken)).status).toBe(200);
  });

  test('of a known node leaves the token in use valid until the new one is used', async () => {
    const cloudly = createCloudly(await openStore());
    const device = createEmulatedNode();
    const inUse = await enrol(cloudly, device);
    await cloudly.heartbeat(device.heartbeat(), inUse);
    const { answer } = await cloudly.register(device.registration());
    expect((await cloudly.heartbeat(device.heartbeat(), inUse)).status).toBe(200);
    const fresh = answer?.accepted ? answer.nodeToken : '';
    expect((await cloudly.heartbeat(device.heartbeat(), fresh)).status).toBe(200);
    expect((await cloudly.heartbeat(device.heartbeat(), inUse)).status).toBe(401);
  });

  test('of the same new node many times at once: one node, one use, and the last answer works', async () => {
    const cloudly = createCloudly(await openStore());
    const device = createEmulatedNode();
    const joinToken = await cloudly.createJoinToken({ uses: 10 });
    const registrations = Array.from({ length: 8 }, () => cloudly.register(device.registration(), joinToken));
    const results = await Promise.all(registrations);
    expect(results.map(({ status }) => status).toSorted((one, other) => one - other)).toEqual([
      200, 200, 200, 200, 200, 200, 200, 201,
    ]);
    expect(await usedCounts(cloudly)).toEqual([1]);
    const tokens = results.flatMap(({ answer }) => (answer?.accepted ? [answer.nodeToken] : []));
    const tried = await Promise.all(tokens.map((token) => cloudly.heartbeat(device.heartbeat(), token)));
    expect(tried.filter(({ status }) => status === 200)).toHaveLength(1);
  });

  test('of the same new node twice, the second between two reads of the first: both are admitted by a single-use token', async () => {
    const store = await openStore();
    const device = createEmulatedNode();
    let isFirst = true;
    let second: Promise<{ status: number }> | undefined;
    const cloudly: TestCloudly = createCloudly({
      ...store,
      // The first request has found no node; before it looks at the join token, the second one is answered.
      findJoinToken: async (id) => {
        if (isFirst) {
          isFirst = false;
          second = createCloudly(store).register(device.registration(), joinToken);
          await second;
        }
        return store.findJoinToken(id);
      },
    });
    const joinToken = await cloudly.createJoinToken({ uses: 1 });
    expect((await cloudly.register(device.registration(), joinToken)).status).toBe(200);
    expect((await second)?.status).toBe(201);
  });

  test('of many new nodes at once: as many are admitted as the join token has uses', async () => {
    const cloudly = createCloudly(await openStore());
    const joinToken = await cloudly.createJoinToken({ uses: 3 });
    const devices = Array.from({ length: 8 }, () => createEmulatedNode());
    const results = await Promise.all(devices.map((device) => cloudly.register(device.registration(), joinToken)));
    expect(results.filter(({ status }) => status === 201)).toHaveLength(3);
    expect(results.filter(({ problem }) => problem?.code === 'join-token-used')).toHaveLength(5);
  });

  describe('without a good join token', () => {
    test('none at all: 401 join-token-missing', async () => {
      const cloudly = createCloudly(await openStore());
      const { status, problem } = await cloudly.register(createEmulatedNode().registration());
      expect([status, problem?.code]).toEqual([401, 'join-token-missing']);
    });

    test('one in no known format: 401 join-token-unknown, which says so', async () => {
      const cloudly = createCloudly(await openStore());
      const { status, problem } = await cloudly.register(createEmulatedNode().registration(), 'hunter2');
      expect([status, problem?.code]).toEqual([401, 'join-token-unknown']);
      expect(problem?.detail).toContain('starts with bjt_');
    });

    test('one that was mistyped: 401 join-token-unknown, which says so', async () => {
      const cloudly = createCloudly(await openStore());
      const joinToken = await cloudly.createJoinToken();
      const slips = [
        joinToken.slice(0, -1),
        `${joinToken}a`,
        joinToken.replace(/.$/, (last) => (last === 'a' ? 'b' : 'a')),
      ];
      for (const slip of slips) {
        const { problem } = await cloudly.register(createEmulatedNode().registration(), slip);
        expect(problem).toMatchObject({ code: 'join-token-unknown', detail: expect.stringContaining('typo') });
      }
    });

    test('one of another Cloudly: 401 join-token-unknown', async () => {
      const cloudly = createCloudly(await openStore());
      const joinToken = await createCloudly(await openStore()).createJoinToken();
      const { problem } = await cloudly.register(createEmulatedNode().registration(), joinToken);
      expect(problem?.code).toBe('join-token-unknown');
    });

    test('a node token in its place: 401 join-token-unknown, which says so', async () => {
      const cloudly = createCloudly(await openStore());
      const nodeToken = await enrol(cloudly, createEmulatedNode());
      const { problem } = await cloudly.register(createEmulatedNode().registration(), nodeToken);
      expect(problem).toMatchObject({ code: 'join-token-unknown', detail: expect.stringContaining('node token') });
    });

    test('the ID of a good one with another secret: 401 join-token-unknown', async () => {
      const cloudly = createCloudly(await openStore());
      const withSecret = (fill: number) => (byteCount: number) =>
        new Uint8Array(byteCount).fill(byteCount === ID_BYTES ? 1 : fill);
      const good = await cloudly.createJoinToken({ randomBytes: withSecret(2) });
      const forged = await createCloudly(await openStore()).createJoinToken({ randomBytes: withSecret(3) });
      expect(forged.split('_')[1]).toBe(good.split('_')[1]);
      const { problem } = await cloudly.register(createEmulatedNode().registration(), forged);
      expect(problem?.code).toBe('join-token-unknown');
    });

    test('one that has expired: 401 join-token-expired, from its last instant on', async () => {
      const cloudly = createCloudly(await openStore());
      const joinToken = await cloudly.createJoinToken({ expiresInMs: HOUR_MS, uses: 2 });
      cloudly.advance(HOUR_MS - 1);
      expect((await cloudly.register(createEmulatedNode().registration(), joinToken)).status).toBe(201);
      cloudly.advance(1);
      const { status, problem } = await cloudly.register(createEmulatedNode().registration(), joinToken);
      expect([status, problem?.code]).toEqual([401, 'join-token-expired']);
    });

    test('one that is used up: 401 join-token-used', async () => {
      const cloudly = createCloudly(await openStore());
      const joinToken = await cloudly.createJoinToken({ uses: 1 });
      await cloudly.register(createEmulatedNode().registration(), joinToken);
      const { status, problem } = await cloudly.register(createEmulatedNode().registration(), joinToken);
      expect([status, problem?.code]).toEqual([401, 'join-token-used']);
    });

    test('one that was revoked: 401 join-token-revoked', async () => {
      const cloudly = createCloudly(await openStore());
      const joinToken = await cloudly.createJoinToken();
      await cloudly.store.revokeJoinToken(joinToken.split('_')[1] ?? '', cloudly.now());
      const { status, problem } = await cloudly.register(createEmulatedNode().registration(), joinToken);
      expect([status, problem?.code]).toEqual([401, 'join-token-revoked']);
    });
  });

  describe('of a node ID that another node has', () => {
    test('with a good join token: 409 node-id-taken, no use taken, the node unchanged', async () => {
      const cloudly = createCloudly(await openStore());
      const owner = createEmulatedNode();
      const ownersToken = await enrol(cloudly, owner);
      const before = await cloudly.store.findNode(owner.nodeId);
      const thief = createEmulatedNode(owner.nodeId);
      const { status, problem } = await cloudly.register(thief.registration(), await cloudly.createJoinToken());
      expect([status, problem?.code]).toEqual([409, 'node-id-taken']);
      expect(await usedCounts(cloudly)).toEqual([1, 0]);
      expect(await cloudly.store.findNode(owner.nodeId)).toEqual(before);
      expect((await cloudly.heartbeat(owner.heartbeat(), ownersToken)).status).toBe(200);
    });

    test('in upper case, for a UUID: the same node', async () => {
      const cloudly = createCloudly(await openStore());
      const owner = createEmulatedNode();
      await enrol(cloudly, owner);
      const thief = createEmulatedNode(owner.nodeId.toUpperCase());
      const { problem } = await cloudly.register(thief.registration(), await cloudly.createJoinToken());
      expect(problem?.code).toBe('node-id-taken');
    });

    test('without a good join token: 401, so that nobody learns which node IDs exist', async () => {
      const cloudly = createCloudly(await openStore());
      const owner = createEmulatedNode();
      await enrol(cloudly, owner);
      const { problem } = await cloudly.register(createEmulatedNode(owner.nodeId).registration());
      expect(problem?.code).toBe('join-token-missing');
    });

    test('that was revoked: 409 too, without a hint at the revocation', async () => {
      const cloudly = createCloudly(await openStore());
      const owner = createEmulatedNode();
      await enrol(cloudly, owner);
      await revokeNode(cloudly.store, owner.nodeId);
      const thief = createEmulatedNode(owner.nodeId);
      const { problem } = await cloudly.register(thief.registration(), await cloudly.createJoinToken());
      expect(problem?.code).toBe('node-id-taken');
    });
  });

  test('of a revoked node with its key: 410 node-revoked, with its node ID', async () => {
    const cloudly = createCloudly(await openStore());
    const device = createEmulatedNode();
    await enrol(cloudly, device);
    await revokeNode(cloudly.store, device.nodeId);
    const { status, problem } = await cloudly.register(device.registration(), await cloudly.createJoinToken());
    expect(status).toBe(410);
    expect(problem).toMatchObject({ code: 'node-revoked', nodeId: device.nodeId, cloudlyId: CLOUDLY_ID });
  });

  describe('with a join token that requires approval', () => {
    const wait = async (cloudly: TestCloudly) => {
      const device = createEmulatedNode();
      const joinToken = await cloudly.createJoinToken({ requiresApproval: true });
      return { device, joinToken, first: await cloudly.register(device.registration(), joinToken) };
    };

    test('waits: 202 with Retry-After and the approval code that the device shows', async () => {
      const cloudly = createCloudly(await openStore(), { pendingRetryAfterMs: 90_000 });
      const { device, first } = await wait(cloudly);
      expect([first.status, first.retryAfter]).toEqual([202, '90']);
      expect(first.answer).toMatchObject({ accepted: false, reason: 'pending-approval' });
      const stored = await cloudly.store.findNode(device.nodeId);
      expect(stored?.node.approvalCode).toBe(await approvalCode(device.registrationKey));
      expect(stored?.node.nextToken).toBeUndefined();
    });

    test('takes one use, however often the node asks', async () => {
      const cloudly = createCloudly(await openStore());
      const { device, joinToken } = await wait(cloudly);
      expect((await cloudly.register(device.registration(), joinToken)).status).toBe(202);
      expect((await cloudly.register(device.registration())).status).toBe(202);
      expect(await usedCounts(cloudly)).toEqual([1]);
    });

    test('shows the newest status while it waits, even after a restart', async () => {
      const cloudly = createCloudly(await openStore());
      const { device } = await wait(cloudly);
      await cloudly.register(device.registration({ status: runtimeStatus('renamed') }));
      expect((await cloudly.store.findStatus(device.nodeId))?.status.host.hostname).toBe('renamed');
      device.restart();
      await cloudly.register(device.registration({ status: runtimeStatus('restarted') }));
      expect((await cloudly.store.findStatus(device.nodeId))?.status.host.hostname).toBe('restarted');
    });

    test('gets its token once an operator has approved it', async () => {
      const cloudly = createCloudly(await openStore());
      const { device, joinToken } = await wait(cloudly);
      await approveNode(cloudly.store, device.nodeId, { now: cloudly.now });
      const { status, answer } = await cloudly.register(device.registration(), joinToken);
      expect(status).toBe(200);
      const nodeToken = answer?.accepted ? answer.nodeToken : '';
      expect((await cloudly.heartbeat(device.heartbeat(), nodeToken)).status).toBe(200);
    });

    test('is deferred if the maximum number is waiting: 429 with Retry-After, and no use is taken', async () => {
      const cloudly = createCloudly(await openStore(), { pendingRetryAfterMs: 90_000 });
      const joinToken = await cloudly.createJoinToken({ requiresApproval: true, uses: 5, maxPending: 1 });
      const [first, second] = [createEmulatedNode(), createEmulatedNode()];
      expect((await cloudly.register(first.registration(), joinToken)).status).toBe(202);
      const refused = await cloudly.register(second.registration(), joinToken);
      expect([refused.status, refused.problem?.code, refused.retryAfter]).toEqual([429, 'rate-limited', '90']);
      expect(await usedCounts(cloudly)).toEqual([1]);
      expect((await cloudly.register(first.registration(), joinToken)).status).toBe(202);
      await approveNode(cloudly.store, first.nodeId);
      expect((await cloudly.register(second.registration(), joinToken)).status).toBe(202);
    });

    test('reports a revocation before it asks the node to wait', async () => {
      const cloudly = createCloudly(await openStore());
      const { device } = await wait(cloudly);
      await revokeNode(cloudly.store, device.nodeId);
      expect((await cloudly.register(device.registration())).status).toBe(410);
    });
  });

  test('with a malformed body is rejected before its join token is checked', async () => {
    const cloudly = createCloudly(await openStore());
    const { registrationKey: _missing, ...registration } = createEmulatedNode().registration();
    const { status, problem } = await cloudly.register(registration);
    expect([status, problem?.code]).toEqual([400, 'malformed-request']);
    expect(problem?.issues).toEqual([{ path: 'registrationKey', rule: 'required' }]);
  });

  test('of another protocol: 422 with the protocols that Cloudly supports', async () => {
    const cloudly = createCloudly(await openStore());
    const registration = { ...createEmulatedNode().registration(), protocol: 2 };
    const { status, problem } = await cloudly.register(registration, await cloudly.createJoinToken());
    expect([status, problem?.code, problem?.supported]).toEqual([422, 'unsupported-protocol', [1]]);
  });
});
