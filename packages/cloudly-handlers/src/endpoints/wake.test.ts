import { endpoints, limits, wakeEndpoint } from '@serve.zone/baseos-contracts';
import { describe, expect, test } from 'vitest';
import { createCloudly, post } from '../../test/fixtures/cloudly.js';
import { createEmulatedNode } from '@serve.zone/baseos-testing/nodes/emulated-node';
import { enrol } from '../../test/fixtures/enrol.js';
import { stores } from '../../test/fixtures/stores.js';
import type { CloudlyHandlersOptions } from '../context/handler-options.js';
import type { NodeStore } from '../fleet/node-store.js';
import { cancelCommand } from '../operator/cancel-command.js';
import { revokeNode, rotateNodeToken } from '../operator/operator.js';
import { queueCommand } from '../operator/queue-command.js';
import { setUpdatesMode } from '../operator/set-updates-mode.js';
import { createMemoryStore } from '../stores/memory/memory-store.js';

const WAIT_MS = 50_000;

async function setUpOn(store: NodeStore, options: Partial<CloudlyHandlersOptions> = {}) {
  const cloudly = createCloudly(store, { wakeWaitMs: WAIT_MS, ...options });
  const device = createEmulatedNode();
  const nodeToken = await enrol(cloudly, device);
  const { nodeId } = device;
  const beat = async (token = nodeToken) => {
    cloudly.advance(1000);
    const { answer } = await cloudly.heartbeat(device.heartbeat(), token);
    cloudly.advance(1000);
    return answer;
  };
  // A store may have to test first whether its rings are heard.
  await expect.poll(() => beat(), { timeout: 60_000 }).toMatchObject({ wake: { waitMs: WAIT_MS } });
  const { countWaiting } = cloudly.handlers;
  /** Begins to wait; the answer resolves later. */
  const hold = async (signal?: AbortSignal) => {
    const answer = cloudly.wake(nodeToken, signal);
    await expect.poll(countWaiting, { interval: 5 }).toBe(1);
    return { answer };
  };
  /** A request whose client goes away is answered with a reason if there is one. */
  const isHeld = async () => {
    const client = new AbortController();
    const answer = cloudly.wake(nodeToken, client.signal);
    client.abort();
    return (await answer).answer?.wake === false;
  };
  return { cloudly, device, nodeToken, nodeId, operator: { now: cloudly.now }, beat, hold, isHeld, countWaiting };
}

type SetUp = Awaited<ReturnType<typeof setUpOn>>;

const acts: Record<string, (set: SetUp) => Promise<unknown>> = {
  'queued a command': ({ cloudly, nodeId, operator }) =>
    queueCommand(cloudly.store, nodeId, { kind: 'blink' }, operator),
  'demanded a new token': ({ cloudly, nodeId, operator }) => rotateNodeToken(cloudly.store, nodeId, operator),
  'set the mode for updates': ({ cloudly, nodeId, operator }) =>
    setUpdatesMode(cloudly.store, nodeId, 'gated', operator),
};

describe.for(stores)('a request that waits to be woken, on $name', { timeout: 180_000 }, ({ openStore }) => {
  const setUp = async (options?: Partial<CloudlyHandlersOptions>) => setUpOn(await openStore(), options);

  test.for(Object.keys(acts))(
    'is answered once an operator has %s, and not again once a heartbeat has told it',
    async (act) => {
      const set = await setUp();
      const { answer } = await set.hold();
      await acts[act]?.(set);
      expect((await answer).answer).toMatchObject({ wake: true });
      expect((await set.cloudly.wake(set.nodeToken)).answer).toMatchObject({ wake: true });
      await set.beat();
      expect(await set.isHeld()).toBe(true);
    },
  );

  test('is answered once an operator has cancelled a command that was listed, and not again', async () => {
    const { cloudly, nodeId, nodeToken, operator, beat, hold, isHeld } = await setUp();
    const queued = await queueCommand(cloudly.store, nodeId, { kind: 'blink' }, operator);
    const { desiredState } = (await beat()) ?? {};
    expect(desiredState?.commands).toHaveLength(1);
    const { answer } = await hold();
    const id = queued.outcome === 'queued' ? queued.command.id : '';
    expect((await cancelCommand(cloudly.store, nodeId, id, operator)).outcome).toBe('withdrawn');
    expect((await answer).answer).toMatchObject({ wake: true });
    expect((await cloudly.wake(nodeToken)).answer).toMatchObject({ wake: true });
    await beat();
    expect(await isHeld()).toBe(true);
  });

  test('is held while all that is due was told, however long', async () => {
    const { cloudly, nodeId, operator, beat, isHeld } = await setUp();
    for (let count = 0; count < limits.commandsMax; count += 1) {
      await queueCommand(cloudly.store, nodeId, { kind: 'blink' }, operator);
    }
    expect((await beat())?.desiredState?.commands).toHaveLength(limits.commandsMax);
    for (let minute = 0; minute < 5; minute += 1) {
      cloudly.advance(60_000);
      expect(await isHeld()).toBe(true);
    }
  });

  test('of another node is not answered', async () => {
    const { cloudly, hold, countWaiting, operator } = await setUp();
    const other = createEmulatedNode();
    await enrol(cloudly, other);
    await hold();
    await queueCommand(cloudly.store, other.nodeId, { kind: 'blink' }, operator);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(countWaiting()).toBe(1);
    await cloudly.handlers.drain();
  });
});

describe('a request that waits to be woken', () => {
  const setUp = (options?: Partial<CloudlyHandlersOptions>) => setUpOn(createMemoryStore(), options);

  test('gives way to a newer one of its node, with 429 and Retry-After', async () => {
    const { cloudly, nodeToken, hold, countWaiting } = await setUp();
    const { answer } = await hold();
    const newer = cloudly.wake(nodeToken);
    const { status, problem, retryAfter } = await answer;
    expect([status, problem?.code, retryAfter]).toEqual([429, 'rate-limited', '5']);
    expect(countWaiting()).toBe(1);
    await cloudly.handlers.drain();
    expect((await newer).status).toBe(503);
  });

  test('frees its place when its client disconnects', async () => {
    const { cloudly, hold, countWaiting } = await setUp();
    const client = new AbortController();
    const { answer } = await hold(client.signal);
    client.abort();
    await answer;
    expect(countWaiting()).toBe(0);
    expect(cloudly.events.at(-1)).toMatchObject({ kind: 'wait-ended', end: 'gone' });
  });

  test('gets 503 and a Retry-After from 1 to 60 s when Cloudly shuts down, and so does a later one', async () => {
    for (const [random, seconds] of [
      [0, '1'],
      [0.999, '60'],
    ] as const) {
      const { cloudly, nodeToken, hold } = await setUp({ random: () => random });
      const { answer } = await hold();
      await cloudly.handlers.drain();
      for (const { status, problem, retryAfter } of [await answer, await cloudly.wake(nodeToken)]) {
        expect([status, problem?.code, retryAfter]).toEqual([503, 'unavailable', seconds]);
      }
    }
  });

  test('is refused with 503 if as many wait as may, and no heartbeat offers it then', async () => {
    const { cloudly, hold, beat } = await setUp({ wakeConnectionsMax: 1 });
    const other = createEmulatedNode();
    const othersToken = await enrol(cloudly, other);
    await hold();
    const { status, problem, retryAfter } = await cloudly.wake(othersToken);
    expect([status, problem?.code]).toEqual([503, 'unavailable']);
    expect(Number(retryAfter)).toBeGreaterThan(0);
    expect(await beat()).not.toHaveProperty('wake');
    await cloudly.handlers.drain();
  });

  test.for([
    ['without a token', undefined],
    ['with a guess', 'guess'],
    ['with a token of no node', 'bnt_unknown'],
  ] as const)('is not held %s, but gets 401', async ([, token]) => {
    const { cloudly } = await setUp();
    const { status, problem } = await cloudly.wake(token);
    expect([status, problem?.code]).toEqual([401, 'node-token-unknown']);
  });

  test('of a revoked node gets 410 with its node ID', async () => {
    const { cloudly, nodeId, nodeToken } = await setUp();
    await revokeNode(cloudly.store, nodeId);
    const { status, problem } = await cloudly.wake(nodeToken);
    expect(status).toBe(410);
    expect(problem).toMatchObject({ code: 'node-revoked', nodeId });
  });

  test('counts as a request of its node and, with a guess, of its address', async () => {
    const set = await setUp({ requestsPerNodeMax: 6, attemptsPerAddressMax: 3, clientAddress: () => '203.0.113.7' });
    const statuses: number[] = [];
    for (let count = 0; count < 4; count += 1) statuses.push((await set.cloudly.wake('guess')).status);
    expect(statuses).toEqual([401, 401, 401, 429]);
    await queueCommand(set.cloudly.store, set.nodeId, { kind: 'blink' }, set.operator);
    let last = 200;
    for (let count = 0; count < 6; count += 1) last = (await set.cloudly.wake(set.nodeToken)).status;
    expect(last).toBe(429);
  });

  test('with the next token makes it the current one only by a heartbeat', async () => {
    const { cloudly, nodeId, nodeToken, operator, beat } = await setUp();
    await rotateNodeToken(cloudly.store, nodeId, operator);
    const next = (await beat())?.nextNodeToken ?? '';
    await queueCommand(cloudly.store, nodeId, { kind: 'blink' }, operator);
    expect((await cloudly.wake(next)).answer).toMatchObject({ wake: true });
    expect((await cloudly.heartbeat({}, nodeToken)).status).toBe(422);
    const stored = await cloudly.store.findNode(nodeId);
    expect(stored?.node.nextToken).toBeDefined();
  });

  test('of a suspected node is neither offered nor held', async () => {
    const { cloudly, device, nodeToken } = await setUp();
    const copy = device.copyDisk();
    await cloudly.heartbeat(copy.heartbeat(), nodeToken);
    await cloudly.heartbeat(device.heartbeat(), nodeToken);
    cloudly.advance(60_000);
    const { answer } = await cloudly.heartbeat(device.heartbeat(), nodeToken);
    expect(answer).toMatchObject({ cloneSuspected: true });
    expect(answer).not.toHaveProperty('wake');
    expect((await cloudly.wake(nodeToken)).status).toBe(404);
  });

  test('does not make a node online, and leaves its last heartbeat', async () => {
    const { cloudly, nodeId, isHeld } = await setUp();
    const before = (await cloudly.store.findNode(nodeId))?.lastHeartbeat;
    cloudly.advance(60_000);
    expect(await isHeld()).toBe(true);
    expect((await cloudly.store.findNode(nodeId))?.lastHeartbeat).toEqual(before);
  });

  test('is answered with 503 if the store fails', async () => {
    const store = createMemoryStore();
    const { cloudly, nodeToken } = await setUpOn({
      ...store,
      listCommands: () => Promise.reject(new Error('disk full')),
    });
    const { nodeId } = createEmulatedNode();
    await queueCommand(store, nodeId, { kind: 'blink' });
    const stored = (await store.listNodes({ limit: 1 }))[0]?.node.nodeId ?? '';
    await queueCommand(store, stored, { kind: 'blink' }, { now: cloudly.now });
    expect((await cloudly.wake(nodeToken)).status).toBe(503);
    expect(cloudly.handlers.countWaiting()).toBe(0);
  });

  test('rings only so many nodes in a second as may send heartbeats', async () => {
    const timers = { rings: 0 };
    const { cloudly, operator } = await setUp({ heartbeatsPerSecondMax: 10, monotonicMs: () => 0 });
    const devices = Array.from({ length: 5 }, () => createEmulatedNode());
    const answers: Promise<unknown>[] = [];
    for (const device of devices) {
      const token = await enrol(cloudly, device);
      await cloudly.heartbeat(device.heartbeat(), token);
      answers.push(cloudly.wake(token).then(() => (timers.rings += 1)));
    }
    await expect.poll(() => cloudly.handlers.countWaiting()).toBe(5);
    for (const { nodeId } of devices) await queueCommand(cloudly.store, nodeId, { kind: 'blink' }, operator);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(timers.rings).toBe(1);
    await cloudly.handlers.drain();
    await Promise.all(answers);
  });
});

describe('without the option wakeWaitMs', () => {
  test('no heartbeat offers it, and the endpoint is not found', async () => {
    const cloudly = createCloudly(createMemoryStore());
    const device = createEmulatedNode();
    const nodeToken = await enrol(cloudly, device);
    for (let count = 0; count < 2; count += 1) {
      expect((await cloudly.heartbeat(device.heartbeat(), nodeToken)).answer).not.toHaveProperty('wake');
    }
    const { status, problem } = await cloudly.wake(nodeToken);
    expect([status, problem?.code]).toEqual([404, 'not-found']);
  });
});

test.for([
  ['has no doorbell', undefined],
  ['does not hear other processes', false],
  ['cannot tell', new Error('no LISTEN')],
] as const)('a store that %s: waking is off, and the operator is told', async ([, heard]) => {
  const { doorbell, ...store } = createMemoryStore();
  const isHeard = async () => {
    if (heard instanceof Error) throw heard;
    return heard ?? true;
  };
  const deaf = heard === undefined || !doorbell ? store : { ...store, doorbell: { ...doorbell, isHeard } };
  const cloudly = createCloudly(deaf, { wakeWaitMs: WAIT_MS });
  const device = createEmulatedNode();
  const nodeToken = await enrol(cloudly, device);
  expect((await cloudly.heartbeat(device.heartbeat(), nodeToken)).answer).not.toHaveProperty('wake');
  expect(cloudly.errors.map(String)).toEqual([expect.stringMatching(/Waking is off|no LISTEN/)]);
});

test('a store that cannot tell at first is asked again: waking is on once it can', async () => {
  const { doorbell, ...store } = createMemoryStore();
  let asked = 0;
  const isHeard = async () => {
    asked += 1;
    if (asked < 3) throw new Error('too many connections');
    return true;
  };
  const cloudly = createCloudly(
    { ...store, ...(doorbell && { doorbell: { ...doorbell, isHeard } }) },
    { wakeWaitMs: WAIT_MS },
  );
  const device = createEmulatedNode();
  const nodeToken = await enrol(cloudly, device);
  const offers: unknown[] = [];
  for (let count = 0; count < 10; count += 1) {
    const { answer } = await cloudly.heartbeat(device.heartbeat(), nodeToken);
    offers.push(answer?.wake?.waitMs);
    cloudly.advance(15_000);
  }
  expect([asked, cloudly.errors.length]).toEqual([3, 2]);
  expect([offers[0], offers.at(-1)]).toEqual([undefined, WAIT_MS]);
});

test('a ring that fails does not fail the act of the operator', async () => {
  const store = createMemoryStore();
  const ring = () => Promise.reject(new Error('unreachable'));
  const { cloudly, nodeId, operator } = await setUpOn({
    ...store,
    doorbell: { ring, listen: () => () => undefined, isHeard: async () => true },
  });
  expect(await queueCommand(cloudly.store, nodeId, { kind: 'blink' }, operator)).toMatchObject({ outcome: 'queued' });
});

test.each([limits.wakeWaitMinMs - 1, limits.wakeWaitMaxMs + 1, 20_000.5])('a wait of %d ms throws', (wakeWaitMs) => {
  expect(() => createCloudly(createMemoryStore(), { wakeWaitMs })).toThrow('wakeWaitMs');
});

test('another method is answered with 405 that allows GET', async () => {
  const { cloudly } = await setUpOn(createMemoryStore());
  for (const path of [wakeEndpoint.path, `/cloudly${wakeEndpoint.path}`]) {
    const response = await cloudly.fetch(post(path, '{}'));
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET']);
  }
  expect(
    (await cloudly.fetch(new Request(`https://cloudly.example${endpoints.heartbeat.path}`))).headers.get('allow'),
  ).toBe('POST');
});
