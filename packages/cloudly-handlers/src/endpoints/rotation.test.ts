import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { NodeStore } from '../fleet/node-store.js';
import { createCloudly } from '../../test/fixtures/cloudly.js';
import { createEmulatedNode } from '@serve.zone/baseos-testing/nodes/emulated-node';
import { enrol } from '../../test/fixtures/enrol.js';
import { stores } from '../../test/fixtures/stores.js';
import { sha256Hex } from '../fleet/hash.js';
import { createMemoryStore } from '../stores/memory/memory-store.js';
import { rotateNodeToken, voidNodeTokens } from '../operator/operator.js';

const DAY_MS = 24 * 3_600_000;

describe.for(stores)('the rotation of node tokens, on $name', ({ openStore }) => {
  /** A node whose token is old enough to be replaced. */
  const setUp = async (store?: NodeStore) => {
    const cloudly = createCloudly(store ?? (await openStore()), { rotateNodeTokenAfterMs: 7 * DAY_MS });
    const device = createEmulatedNode();
    const oldToken = await enrol(cloudly, device);
    const send = async (nodeToken: string, heartbeat = device.heartbeat()) => {
      const { status, answer } = await cloudly.heartbeat(heartbeat, nodeToken);
      return { status, nextNodeToken: answer?.nextNodeToken };
    };
    await send(oldToken);
    cloudly.advance(7 * DAY_MS);
    return { cloudly, device, oldToken, send };
  };

  test('leaves a young token alone', async () => {
    const { cloudly, oldToken, send } = await setUp();
    cloudly.advance(-1);
    expect(await send(oldToken)).toEqual({ status: 200, nextNodeToken: undefined });
  });

  test('takes two steps: the old token stays valid until the new one is used', async () => {
    const { oldToken, send } = await setUp();
    const { nextNodeToken = '' } = await send(oldToken);
    expect(nextNodeToken).toMatch(/^bnt_/);
    expect((await send(oldToken)).status).toBe(200);
  });

  test('makes the old token void when the new one is used', async () => {
    const { oldToken, send } = await setUp();
    const { nextNodeToken = '' } = await send(oldToken);
    expect(await send(nextNodeToken)).toEqual({ status: 200, nextNodeToken: undefined });
    expect((await send(oldToken)).status).toBe(401);
    expect((await send(nextNodeToken)).status).toBe(200);
  });

  test('issues another token two minutes later if the answer with the first was lost', async () => {
    const { cloudly, oldToken, send } = await setUp();
    const lost = await send(oldToken);
    cloudly.advance(119_999);
    expect(await send(oldToken)).toEqual({ status: 200, nextNodeToken: undefined });
    cloudly.advance(1);
    const { nextNodeToken = '' } = await send(oldToken);
    expect(nextNodeToken).not.toBe(lost.nextNodeToken);
    expect((await send(nextNodeToken)).status).toBe(200);
  });

  test('issues none for a heartbeat that arrives twice: the token of the first answer stays valid', async () => {
    const { device, oldToken, send } = await setUp();
    const heartbeat = device.heartbeat();
    const { nextNodeToken = '' } = await send(oldToken, heartbeat);
    expect(await send(oldToken, heartbeat)).toEqual({ status: 200, nextNodeToken: undefined });
    expect((await send(nextNodeToken)).status).toBe(200);
  });

  test('issues one token if two heartbeats read the same record', async () => {
    const store = await openStore();
    let readers = 0;
    let release: () => void = () => undefined;
    const bothHaveRead = new Promise<void>((resolve) => {
      release = resolve;
    });
    const rendezvous: NodeStore = {
      ...store,
      async findNodeByTokenHash(hash) {
        const found = await store.findNodeByTokenHash(hash);
        readers += 1;
        if (readers === 2) release();
        await bothHaveRead;
        return found;
      },
    };
    const { cloudly, device, oldToken, send } = await setUp(store);
    const racing = createCloudly(rendezvous, { rotateNodeTokenAfterMs: 7 * DAY_MS, now: cloudly.now });
    const answers = await Promise.all(
      [device.heartbeat(), device.heartbeat()].map((heartbeat) => racing.heartbeat(heartbeat, oldToken)),
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    const issued = answers.flatMap(({ answer }) => answer?.nextNodeToken ?? []);
    expect(issued).toHaveLength(1);
    expect((await send(issued[0] ?? '')).status).toBe(200);
  });

  test('issues none for a heartbeat whose node was changed meanwhile', async () => {
    const store = await openStore();
    let interfere = false;
    const contended: NodeStore = {
      ...store,
      async saveReport(nodeId, report) {
        const kept = await store.saveReport(nodeId, report);
        const stored = interfere ? await store.findNode(nodeId) : undefined;
        if (stored) await store.replaceNode(stored.node);
        return kept;
      },
    };
    const { oldToken, send } = await setUp(contended);
    interfere = true;
    expect(await send(oldToken)).toEqual({ status: 200, nextNodeToken: undefined });
    interfere = false;
    expect((await send(oldToken)).nextNodeToken).toMatch(/^bnt_/);
  });

  test('takes the second step once if old and new token arrive at once', async () => {
    const { device, oldToken, send } = await setUp();
    const { nextNodeToken = '' } = await send(oldToken);
    const heartbeats = [device.heartbeat(), device.heartbeat(), device.heartbeat()] as const;
    const [withOld, ...withNew] = await Promise.all([
      send(oldToken, heartbeats[0]),
      send(nextNodeToken, heartbeats[1]),
      send(nextNodeToken, heartbeats[2]),
    ]);
    expect([200, 401]).toContain(withOld.status);
    expect(withNew.map(({ status }) => status)).toEqual([200, 200]);
    expect((await send(oldToken)).status).toBe(401);
    expect((await send(nextNodeToken)).status).toBe(200);
  });

  test('lets a node that lost both tokens return with its key', async () => {
    const { cloudly, device, oldToken, send } = await setUp();
    await send(oldToken);
    const { answer } = await cloudly.register(device.registration());
    const nodeToken = answer?.accepted ? answer.nodeToken : '';
    expect((await send(nodeToken)).status).toBe(200);
    expect((await send(oldToken)).status).toBe(401);
  });

  test('keeps the token of a registration valid if a heartbeat with the earlier token arrives late', async () => {
    const { cloudly, device, oldToken, send } = await setUp();
    const late = device.heartbeat();
    const { answer } = await cloudly.register(device.registration());
    const nodeToken = answer?.accepted ? answer.nodeToken : '';
    expect(await send(oldToken, late)).toEqual({ status: 200, nextNodeToken: undefined });
    expect((await send(nodeToken)).status).toBe(200);
  });

  test('continues if the clock was set back after a token was issued', async () => {
    const { cloudly, oldToken, send } = await setUp();
    cloudly.advance(DAY_MS);
    await send(oldToken);
    cloudly.advance(-DAY_MS);
    expect((await send(oldToken)).nextNodeToken).toMatch(/^bnt_/);
  });

  test('counts the age of a token from its issue', async () => {
    const { cloudly, oldToken, send } = await setUp();
    const { nextNodeToken = '' } = await send(oldToken);
    await send(nextNodeToken);
    cloudly.advance(7 * DAY_MS - 1);
    expect((await send(nextNodeToken)).nextNodeToken).toBeUndefined();
    cloudly.advance(1);
    expect((await send(nextNodeToken)).nextNodeToken).toMatch(/^bnt_/);
  });

  describe('on demand', () => {
    test('replaces a young token at the next heartbeat, in two steps, and once', async () => {
      const { cloudly, device, oldToken, send } = await setUp();
      const { nextNodeToken: young = '' } = await send(oldToken);
      await send(young);
      cloudly.advance(1000);
      await rotateNodeToken(cloudly.store, device.nodeId, { now: cloudly.now });
      const { nextNodeToken = '' } = await send(young);
      expect(nextNodeToken).toMatch(/^bnt_/);
      expect((await send(young)).status).toBe(200);
      expect(await send(nextNodeToken)).toEqual({ status: 200, nextNodeToken: undefined });
      expect((await send(young)).status).toBe(401);
      expect(await send(nextNodeToken)).toEqual({ status: 200, nextNodeToken: undefined });
    });

    test('replaces a token that was issued before the demand', async () => {
      const { cloudly, device, oldToken, send } = await setUp();
      const { nextNodeToken: onItsWay = '' } = await send(oldToken);
      cloudly.advance(1000);
      await rotateNodeToken(cloudly.store, device.nodeId, { now: cloudly.now });
      const { nextNodeToken = '' } = await send(onItsWay);
      expect(nextNodeToken).toMatch(/^bnt_/);
      expect(await send(nextNodeToken)).toEqual({ status: 200, nextNodeToken: undefined });
    });

    test('is satisfied by the token of a registration', async () => {
      const { cloudly, device, send } = await setUp();
      await rotateNodeToken(cloudly.store, device.nodeId, { now: cloudly.now });
      const { answer } = await cloudly.register(device.registration());
      const nodeToken = answer?.accepted ? answer.nodeToken : '';
      expect(await send(nodeToken)).toEqual({ status: 200, nextNodeToken: undefined });
      expect(await send(nodeToken)).toEqual({ status: 200, nextNodeToken: undefined });
    });
  });
});

/** A node that keeps the contract's rules, with answers that may get lost on the way. */
type Step =
  | 'beat'
  | 'beat, answer lost'
  | 'register'
  | 'register, answer lost'
  | 'late beat'
  | 'day'
  | 'demand'
  | 'leak';

test('in any order of events, a node that follows the rules is never shut out, and at most one old token is valid', async () => {
  const steps: fc.Arbitrary<Step> = fc.constantFrom(
    'beat',
    'beat, answer lost',
    'register',
    'register, answer lost',
    'late beat',
    'day',
    'demand',
    'leak',
  );
  await fc.assert(
    fc.asyncProperty(fc.array(steps, { maxLength: 25 }), async (taken) => {
      const cloudly = createCloudly(createMemoryStore(), {
        rotateNodeTokenAfterMs: 7 * DAY_MS,
        requestsPerNodeMax: 1e6,
      });
      const device = createEmulatedNode();
      const everIssued = new Set<string>([await enrol(cloudly, device)]);
      let held = [...everIssued];
      const late = device.heartbeat();

      const beat = async (isLost: boolean): Promise<void> => {
        for (const token of held) {
          const { status, answer } = await cloudly.heartbeat(device.heartbeat(), token);
          if (status === 401) continue;
          expect(status).toBe(200);
          if (answer?.nextNodeToken !== undefined) everIssued.add(answer.nextNodeToken);
          if (!isLost) held = answer?.nextNodeToken === undefined ? [token] : [answer.nextNodeToken, token];
          return;
        }
        await register(isLost);
      };
      const register = async (isLost: boolean): Promise<void> => {
        const { status, answer } = await cloudly.register(device.registration());
        expect(status).toBe(200);
        const nodeToken = answer?.accepted ? answer.nodeToken : '';
        everIssued.add(nodeToken);
        if (!isLost) held = [nodeToken, ...held].slice(0, 2);
      };

      for (const one of taken) {
        if (one === 'day') cloudly.advance(DAY_MS);
        else if (one === 'demand') await rotateNodeToken(cloudly.store, device.nodeId, { now: cloudly.now });
        else if (one === 'leak') await voidNodeTokens(cloudly.store, device.nodeId);
        else if (one === 'late beat') await cloudly.heartbeat(late, held.at(-1));
        else if (one.startsWith('beat')) await beat(one.endsWith('lost'));
        else await register(one.endsWith('lost'));
      }

      await beat(false);
      await beat(false);
      await beat(false);
      const node = (await cloudly.store.findNode(device.nodeId))?.node;
      expect(node?.currentToken?.id).toBe(held.at(-1)?.split('_')[1]);
      const good = [];
      for (const token of everIssued) {
        const { nodeId } = (await cloudly.store.findNodeByTokenHash(await sha256Hex(token)))?.node ?? {};
        if (nodeId !== undefined) good.push(token);
      }
      expect(good.length).toBeLessThanOrEqual(2);
    }),
    { numRuns: 60 },
  );
});
