import { describe, expect, test } from 'vitest';
import { rivalBoots } from '../fleet/clone-suspicion.js';
import { createCloudly } from '../../test/fixtures/cloudly.js';
import { createEmulatedNode, type EmulatedNode } from '@serve.zone/baseos-testing/nodes/emulated-node';
import { enrol } from '../../test/fixtures/enrol.js';
import { stores } from '../../test/fixtures/stores.js';
import { resolveClone, revokeNode } from '../operator/operator.js';
import { queueCommand } from '../operator/queue-command.js';

const MINUTE_MS = 60_000;

describe.for(stores)('two devices with one identity, on $name', ({ openStore }) => {
  const setUp = async () => {
    const cloudly = createCloudly(await openStore());
    const original = createEmulatedNode();
    const nodeToken = await enrol(cloudly, original);
    const { nodeId } = original;
    const beat = async (device: EmulatedNode, token = nodeToken) => {
      const { status, answer, problem } = await cloudly.heartbeat(device.heartbeat(), token);
      return { status, code: problem?.code, ...answer };
    };
    const isSuspected = async () => (await cloudly.store.findNode(nodeId))?.node.cloneSuspectedAtMs !== undefined;
    await beat(original);
    const copy = original.copyDisk();
    await beat(copy);
    return { cloudly, nodeId, nodeToken, original, copy, beat, isSuspected };
  };

  const suspect = async () => {
    const set = await setUp();
    await set.beat(set.original);
    set.cloudly.advance(MINUTE_MS);
    await set.beat(set.original);
    expect(await set.isSuspected()).toBe(true);
    return set;
  };

  test('are suspected when the first one returns twice, a minute apart', async () => {
    const { cloudly, nodeId, original, copy, beat, isSuspected } = await setUp();
    expect(await beat(original)).not.toHaveProperty('cloneSuspected');
    cloudly.advance(MINUTE_MS - 1);
    expect(await beat(original)).not.toHaveProperty('cloneSuspected');
    expect(await isSuspected()).toBe(false);
    cloudly.advance(1);
    expect(await beat(original)).toMatchObject({ status: 200, cloneSuspected: true });
    expect(await beat(copy)).toMatchObject({ status: 200, cloneSuspected: true });
    expect(cloudly.events).toContainEqual(
      expect.objectContaining({ kind: 'clone-suspected', nodeId, bootIds: [copy.bootId(), original.bootId()] }),
    );
  });

  test('are reported once as an event', async () => {
    const { cloudly, original, copy, beat } = await suspect();
    for (const device of [original, copy, original]) await beat(device);
    expect(cloudly.events.filter(({ kind }) => kind === 'clone-suspected')).toHaveLength(1);
  });

  test('are not suspected because of a late request, however often it arrives', async () => {
    const { cloudly, nodeToken, original, copy, beat, isSuspected } = await setUp();
    const late = original.heartbeat();
    for (let time = 0; time < 5; time += 1) {
      cloudly.advance(MINUTE_MS);
      await cloudly.heartbeat(late, nodeToken);
      await beat(copy);
    }
    expect(await isSuspected()).toBe(false);
  });

  test('are not suspected because of restarts', async () => {
    const { cloudly, copy, beat, isSuspected } = await setUp();
    for (let time = 0; time < 5; time += 1) {
      cloudly.advance(MINUTE_MS);
      copy.restart();
      await beat(copy);
      await beat(copy);
    }
    expect(await isSuspected()).toBe(false);
  });

  test('get neither commands nor tokens while suspected, and keep those they have', async () => {
    const { cloudly, nodeId, nodeToken, original, copy, beat } = await suspect();
    await queueCommand(cloudly.store, nodeId, { kind: 'reboot' }, { now: cloudly.now });
    cloudly.advance(31 * 24 * 60 * MINUTE_MS);
    for (const device of [original, copy]) {
      const answer = await beat(device, nodeToken);
      expect(answer).toMatchObject({ status: 200, cloneSuspected: true });
      expect(answer).not.toHaveProperty('nextNodeToken');
      expect(answer).not.toHaveProperty('desiredState');
    }
  });

  test('both keep the current token from the heartbeat that makes them suspected, whatever is sent with the next one', async () => {
    const { cloudly, nodeToken, original, copy, beat, isSuspected } = await setUp();
    const { answer: registered } = await cloudly.register(copy.registration());
    const next = registered?.accepted ? registered.nodeToken : '';
    await beat(original);
    cloudly.advance(MINUTE_MS);
    expect(await beat(original, next)).toMatchObject({ status: 200, cloneSuspected: true });
    expect(await isSuspected()).toBe(true);
    for (const token of [nodeToken, next, nodeToken]) expect(await beat(copy, token)).toMatchObject({ status: 200 });
  });

  test('are rejected with 409 clone-suspected when they register with their key', async () => {
    const { cloudly, original, copy } = await suspect();
    for (const device of [original, copy]) {
      const { status, problem } = await cloudly.register(device.registration());
      expect([status, problem?.code]).toEqual([409, 'clone-suspected']);
    }
  });

  test('get a revocation before the suspicion', async () => {
    const { cloudly, nodeId, original, copy, beat } = await suspect();
    await revokeNode(cloudly.store, nodeId);
    expect((await cloudly.register(original.registration())).status).toBe(410);
    expect((await beat(copy)).status).toBe(410);
  });

  test('are detected even if they invalidate each other’s tokens', async () => {
    const { cloudly, original, copy, isSuspected } = await setUp();
    for (const device of [copy, original, copy, original]) {
      cloudly.advance(MINUTE_MS);
      const { answer } = await cloudly.register(device.registration());
      const token = answer?.accepted ? answer.nodeToken : '';
      if (token) await cloudly.heartbeat(device.heartbeat(), token);
    }
    expect(await isSuspected()).toBe(true);
  });

  describe.for(['the original', 'the copy'] as const)('once an operator has decided that %s stays', (kept) => {
    const resolve = async () => {
      const set = await suspect();
      const [keeper, other] = kept === 'the copy' ? [set.copy, set.original] : [set.original, set.copy];
      const node = await resolveClone(set.cloudly.store, set.nodeId, keeper.bootId(), { now: set.cloudly.now });
      expect(node?.cloneSuspectedAtMs).toBeUndefined();
      return { ...set, keeper, other };
    };

    test('that device continues and gets a token of its own', async () => {
      const { keeper, beat } = await resolve();
      const answer = await beat(keeper);
      expect(answer).toMatchObject({ status: 200, nextNodeToken: expect.stringMatching(/^bnt_/) });
      expect(answer).not.toHaveProperty('cloneSuspected');
      expect(await beat(keeper, answer.nextNodeToken)).toMatchObject({ status: 200 });
      expect((await beat(keeper)).status).toBe(401);
    });

    test('the other device is admitted neither by the token nor by the key', async () => {
      const { cloudly, other, beat } = await resolve();
      expect(await beat(other)).toMatchObject({ status: 401, code: 'node-token-unknown' });
      const { status, problem } = await cloudly.register(other.registration(), await cloudly.createJoinToken());
      expect([status, problem?.code]).toEqual([409, 'node-id-taken']);
      expect(problem?.detail).toContain('Reset the identity');
    });

    test('the other device is admitted by neither after any number of restarts', async () => {
      const { cloudly, nodeId, keeper, other, beat } = await resolve();
      const { nextNodeToken } = await beat(keeper);
      for (let time = 0; time < 3; time += 1) {
        other.restart();
        cloudly.advance(MINUTE_MS);
        expect(await beat(other)).toMatchObject({ status: 401, code: 'node-token-unknown' });
        expect((await cloudly.register(other.registration())).problem?.code).toBe('node-id-taken');
      }
      expect(await beat(keeper, nextNodeToken)).toMatchObject({ status: 200 });
      for (let time = 0; time < 3; time += 1) {
        other.restart();
        cloudly.advance(MINUTE_MS);
        expect((await beat(other)).status).toBe(401);
        expect((await cloudly.register(other.registration(), await cloudly.createJoinToken())).status).toBe(409);
        expect(await beat(keeper, nextNodeToken)).toMatchObject({ status: 200 });
      }
      keeper.restart();
      expect(await beat(keeper, nextNodeToken)).toMatchObject({ status: 200 });
      expect((await cloudly.store.findNode(nodeId))?.node.cloneSuspectedAtMs).toBeUndefined();
    });

    test('the kept device is recognised by its key too, as long as its process runs', async () => {
      const { cloudly, keeper, beat } = await resolve();
      const { answer } = await cloudly.register(keeper.registration());
      const token = answer?.accepted ? answer.nodeToken : '';
      expect(await beat(keeper, token)).toMatchObject({ status: 200 });
      expect((await cloudly.register(keeper.registration())).status).toBe(200);
    });

    test('the kept device may restart with the token it got, even if it has not used it yet', async () => {
      const { keeper, other, beat } = await resolve();
      const { nextNodeToken } = await beat(keeper);
      keeper.restart();
      expect(await beat(keeper, nextNodeToken)).toMatchObject({ status: 200 });
      other.restart();
      expect((await beat(other)).status).toBe(401);
    });

    test('the kept device is rejected if it restarts before it gets a token, and can be chosen again', async () => {
      const { cloudly, nodeId, keeper, other, beat } = await resolve();
      for (const device of [keeper, other]) {
        device.restart();
        expect((await beat(device)).status).toBe(401);
        expect((await cloudly.register(device.registration())).status).toBe(409);
      }
      const node = (await cloudly.store.findNode(nodeId))?.node;
      expect(node && rivalBoots(node)).toEqual(expect.arrayContaining([keeper.bootId(), other.bootId()]));
      expect(cloudly.events.findLast(({ kind }) => kind === 'clone-suspected')).toMatchObject({
        bootIds: expect.arrayContaining([keeper.bootId(), other.bootId()]),
      });
      await resolveClone(cloudly.store, nodeId, keeper.bootId(), { now: cloudly.now });
      const { status, nextNodeToken } = await beat(keeper);
      expect([status, (await beat(keeper, nextNodeToken)).status]).toEqual([200, 200]);
      expect((await beat(other)).status).toBe(401);
    });

    test('the other device is a new node after an identity reset', async () => {
      const { cloudly, keeper, beat } = await resolve();
      const reset = createEmulatedNode();
      expect((await cloudly.register(reset.registration(), await cloudly.createJoinToken())).status).toBe(201);
      expect((await beat(keeper)).status).toBe(200);
    });
  });

  test('no third device benefits from the decision', async () => {
    const { cloudly, nodeId } = await suspect();
    expect(await resolveClone(cloudly.store, nodeId, crypto.randomUUID())).toBeUndefined();
    expect(await resolveClone(cloudly.store, 'nobody', crypto.randomUUID())).toBeUndefined();
    const node = (await cloudly.store.findNode(nodeId))?.node;
    expect(node?.cloneSuspectedAtMs).toBeDefined();
    expect(node && rivalBoots(node)).toHaveLength(2);
  });
});
