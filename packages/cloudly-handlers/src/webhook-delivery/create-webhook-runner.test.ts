import { freePort } from '@serve.zone/baseos-testing/network/free-port';
import { startRawServer } from '@serve.zone/baseos-testing/network/raw-server';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createFakeTimer } from '../../test/fixtures/fake-timer.js';
import { boss } from '../../test/fixtures/fleet-callers.js';
import { stores } from '../../test/fixtures/stores.js';
import { startReceiver, type WebhookReceiver } from '../../test/fixtures/webhook-receiver.js';
import { createFleet } from '../create-fleet.js';
import type { NewWebhook } from '../fleet-calls/webhook-calls.js';
import type { FleetStore } from '../fleet-store/fleet-store.js';
import { type DeliveryState, WAITING_MAX } from '../fleet-store/webhook.js';
import { createMemoryStore } from '../stores/memory/memory-store.js';
import { addNode, nodeRecord, NOW_MS } from '../stores/suite/fixtures.js';
import { addLabelled, setProfile } from '../stores/suite/fleet/fleet-fixtures.js';
import { createWebhookSender, type WebhookSenderOptions } from '../webhook-node/create-webhook-sender.js';
import { FAILING_MAX_MS } from '../webhooks/change-health.js';
import { retryWaitsMs } from '../webhooks/retries.js';
import { createWebhookRunner } from './create-webhook-runner.js';

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const serverKey = new Uint8Array(32).fill(7);

interface SetUpOptions {
  store?: FleetStore;
  sender?: WebhookSenderOptions;
  /** How many servers work on the store. @default 1 */
  servers?: number;
  hasKey?: boolean;
}

/** A fleet whose servers send webhooks on loopback. Time passes only when the test says so. */
function setUp(options: SetUpOptions = {}) {
  const { store = createMemoryStore(), servers = 1, hasKey = true } = options;
  const timer = createFakeTimer();
  const now = (): number => NOW_MS + timer.monotonicMs();
  const errors: unknown[] = [];
  let isKeyThere = hasKey;
  const key = { read: async () => (isKeyThere ? serverKey : undefined), ensure: async () => serverKey };
  const sender = createWebhookSender({ networks: ['127.0.0.1'], ...options.sender });
  const fleet = createFleet({ store, now, webhooks: { key, sender } });
  const runners = Array.from({ length: servers }, () =>
    createWebhookRunner({
      store,
      key,
      sender,
      now,
      random: () => 0.5,
      startTimer: timer.startTimer,
      onError: (error) => errors.push(error),
    }),
  );
  const end = () => Promise.all(runners.map(({ drain }) => drain()));
  onTestFinished(async () => void (await end()));

  const create = async (receiver: Pick<WebhookReceiver, 'port'>, webhook: Partial<NewWebhook> = {}) => {
    const url = `http://127.0.0.1:${receiver.port}/`;
    // Without a choice, a webhook is told of itself.
    const created = await fleet.createWebhook(boss, { name: 'Chat', url, kinds: ['node-named'], ...webhook });
    return created.webhook.id;
  };
  /** An event of the node: that it is called so. */
  const name = (text: string, nodeId = 'n') => setProfile(store, nodeId, { name: text });
  /** How they stand, once the timers that are due have ended. */
  const list = async (webhookId: string) => {
    timer.pass(0);
    return fleet.listDeliveries(boss, webhookId);
  };
  const statesOf = async (webhookId: string): Promise<DeliveryState[]> =>
    (await list(webhookId)).map(({ state }) => state);
  const attemptsOf = async (webhookId: string) => (await list(webhookId)).map(({ attempts }) => attempts);
  const problemsOf = async (webhookId: string) => (await list(webhookId)).map(({ last }) => last?.problem);
  /** Once the only delivery waits after so many attempts. */
  const untilTried = (webhookId: string, attempts: number) =>
    expect
      .poll(async () => (await list(webhookId)).map((each) => [each.state, each.attempts]))
      .toEqual([['waiting', attempts]]);
  /** Once all of them stand so. */
  const until = (webhookId: string, ...states: DeliveryState[]) =>
    expect.poll(() => statesOf(webhookId)).toEqual(states);
  const find = async (webhookId: string) => {
    timer.pass(0);
    return (await fleet.listWebhooks(boss)).find(({ id }) => id === webhookId);
  };

  return {
    store,
    fleet,
    timer,
    errors,
    end,
    create,
    name,
    statesOf,
    problemsOf,
    attemptsOf,
    until,
    untilTried,
    find,
    setKey: (isThere: boolean) => void (isKeyThere = isThere),
  };
}

/** The names that a receiver was told. */
function namesAt({ received }: WebhookReceiver): string[] {
  return received.map(({ body }) => (JSON.parse(body) as { data: { details: { to: string } } }).data.details.to);
}

/** A little longer than a delivery waits after so many attempts. */
function waitAfter(attempts: number): number {
  return (retryWaitsMs[attempts - 1] ?? 0) * 1.2 + 1;
}

describe.each(stores)('on $name', ({ openStore }) => {
  test('each event is sent once to each webhook that has chosen it, as it happens', async () => {
    const { store, create, name, fleet, until } = setUp({ store: await openStore(), servers: 3 });
    const [all, named, berlin] = [await startReceiver(), await startReceiver(), await startReceiver()];
    await addLabelled(store, 'n', { site: 'berlin' });
    await addLabelled(store, 'm', { site: 'bonn' });
    const ids = [
      await create(named),
      await create(berlin, { selector: 'label.site=berlin', kinds: undefined }),
      await create(all, { kinds: undefined }),
    ];
    await name('one');
    await name('two', 'm');
    await fleet.setNotes(boss, 'n', 'by the door');
    await until(ids[0] ?? '', 'delivered', 'delivered');
    await until(ids[1] ?? '', 'delivered', 'delivered');
    await until(ids[2] ?? '', 'delivered', 'delivered', 'delivered', 'delivered');
    expect(namesAt(named).toSorted()).toEqual(['one', 'two']);
    const typesAt = ({ received }: WebhookReceiver) =>
      received.map(({ body }) => (JSON.parse(body) as { type: string }).type).toSorted();
    expect(typesAt(berlin)).toEqual(['node-named', 'node-noted']);
    expect(typesAt(all)).toEqual(['node-named', 'node-named', 'node-noted', 'webhook-created']);
    const about = named.received.map(({ body }) => (JSON.parse(body) as { data: { node: unknown } }).data.node);
    expect(about).toContainEqual({ id: 'n', name: 'one', labels: { site: 'berlin' } });
  });

  test('nothing is lost while a receiver is down', async () => {
    const { store, create, name, until, timer, problemsOf, attemptsOf } = setUp({
      store: await openStore(),
      servers: 2,
    });
    await addNode(store, nodeRecord('n'));
    const port = await freePort();
    const id = await create({ port });
    for (const each of ['one', 'two', 'three']) await name(each);
    await expect.poll(() => problemsOf(id)).toEqual(['refused', 'refused', 'refused']);
    timer.pass(waitAfter(1));
    await expect.poll(() => attemptsOf(id)).toEqual([2, 2, 2]);
    await until(id, 'waiting', 'waiting', 'waiting');
    const receiver = await startReceiver({ port });
    await name('four');
    timer.pass(waitAfter(2));
    await until(id, 'delivered', 'delivered', 'delivered', 'delivered');
    expect(namesAt(receiver).toSorted()).toEqual(['four', 'one', 'three', 'two']);
  });
});

test('what a receiver did not accept is sent again with the same ID and the same body, and another time', async () => {
  const { store, create, name, until, untilTried, timer } = setUp();
  await addNode(store, nodeRecord('n'));
  const statuses = [500, 503];
  const receiver = await startReceiver({
    answer: (response) => response.writeHead(statuses.shift() ?? 200).end(),
  });
  const id = await create(receiver);
  await name('one');
  await untilTried(id, 1);
  timer.pass(waitAfter(1));
  await untilTried(id, 2);
  timer.pass(waitAfter(2));
  await until(id, 'delivered');
  const [first, second, third] = receiver.received;
  expect([second?.id, third?.id]).toEqual([first?.id, first?.id]);
  expect([second?.body, third?.body]).toEqual([first?.body, first?.body]);
  const timestamps = receiver.received.map(({ headers }) => Number(headers['webhook-timestamp']));
  expect(new Set(timestamps).size).toBe(3);
});

test('a delivery fails after about a day, and can be sent again', async () => {
  const { store, create, name, until, untilTried, timer, fleet } = setUp();
  await addNode(store, nodeRecord('n'));
  const port = await freePort();
  const id = await create({ port });
  await name('one');
  for (let attempts = 1; attempts <= retryWaitsMs.length; attempts += 1) {
    await untilTried(id, attempts);
    timer.pass(waitAfter(attempts));
  }
  await until(id, 'failed');
  expect(timer.monotonicMs()).toBeGreaterThan(20 * HOUR_MS);
  expect(timer.monotonicMs()).toBeLessThan(30 * HOUR_MS);
  const receiver = await startReceiver({ port });
  const [delivery] = await fleet.listDeliveries(boss, id);
  await fleet.resendDelivery(boss, id, delivery?.id ?? '');
  timer.pass(MINUTE_MS);
  await until(id, 'delivered');
  expect(receiver.received.map((each) => each.id)).toEqual([delivery?.id]);
});

test('a receiver that never answers holds up no other', async () => {
  const { store, create, name, until, statesOf } = setUp({ sender: { networks: ['127.0.0.1'], timeoutMs: 60_000 } });
  await addNode(store, nodeRecord('n'));
  const silent = await startRawServer(() => undefined);
  const receiver = await startReceiver();
  const slow = await create({ port: Number(new URL(silent.url).port) });
  const quick = await create(receiver);
  const names = Array.from({ length: 10 }, (_, index) => `name ${index}`);
  for (const each of names) await name(each);
  await until(quick, ...names.map(() => 'delivered' as const));
  expect(namesAt(receiver).toSorted()).toEqual(names.toSorted());
  // It has so many connections, and the rest waits in the store.
  expect(silent.connectionCount()).toBe(4);
  const states = await statesOf(slow);
  expect(states.filter((state) => state === 'sending')).toHaveLength(4);
  expect(states.filter((state) => state === 'waiting')).toHaveLength(6);
});

test('as much is queued for a webhook as may wait, and the rest as soon as there is room', async () => {
  const { store, create, fleet, find } = setUp();
  const receiver = await startReceiver();
  const id = await create(receiver, { kinds: ['view-saved'] });
  // Another server sends them, for long.
  const others = Array.from({ length: WAITING_MAX - 2 }, (_, index) => `d${index}`);
  for (const other of others) {
    const delivery = { id: other, kind: 'node-late', createdAtMs: NOW_MS, body: '{}' } as const;
    await store.webhooks.addDelivery(id, delivery, NOW_MS + HOUR_MS);
  }
  for (let index = 1; index <= 5; index += 1) {
    const viewId = `00000000-0000-4000-8000-00000000000${index}`;
    await fleet.saveView(boss, { id: viewId, name: `View ${index}`, selector: '' });
    // None is ever more than as many as may wait.
    expect((await find(id))?.waitingCount).toBeLessThanOrEqual(WAITING_MAX);
  }
  await expect.poll(() => find(id).then(() => receiver.received.length)).toBe(5);
  expect(new Set(receiver.received.map((each) => each.id)).size).toBe(5);
  expect((await find(id))?.waitingCount).toBe(others.length);
});

test('a receiver that is gone is told nothing more, and the audit says so', async () => {
  const { store, create, name, until, find, fleet } = setUp();
  await addNode(store, nodeRecord('n'));
  const receiver = await startReceiver({ answer: (response) => response.writeHead(410).end() });
  const id = await create(receiver);
  await name('one');
  await until(id, 'failed');
  await expect.poll(async () => (await find(id))?.disabled?.reason).toBe('gone');
  await name('two');
  expect(receiver.received).toHaveLength(1);
  const [told] = await fleet.listEvents(boss, { kinds: ['webhook-disabled'] });
  expect(told).toMatchObject({ actor: 'system', details: { webhookId: id, reason: 'gone' } });
});

test('a receiver that fails for days is given up, and gets what it has missed once it is enabled', async () => {
  const { store, create, name, until, untilTried, find, fleet, timer } = setUp();
  await addNode(store, nodeRecord('n'));
  const port = await freePort();
  const id = await create({ port });
  await name('one');
  await untilTried(id, 1);
  timer.pass(FAILING_MAX_MS);
  await expect.poll(async () => (await find(id))?.disabled?.reason).toBe('failing');
  await name('two');
  const receiver = await startReceiver({ port });
  await fleet.enableWebhook(boss, id);
  await until(id, 'delivered', 'waiting');
  timer.pass(HOUR_MS);
  await until(id, 'delivered', 'delivered');
  expect(namesAt(receiver).toSorted()).toEqual(['one', 'two']);
});

test('a webhook of a fleet that was restored is disabled, and goes on from now', async () => {
  const { store, create, name, until, find, fleet } = setUp();
  await addNode(store, nodeRecord('n'));
  const receiver = await startReceiver();
  const [id, other] = [await create(receiver), await create(receiver)];
  await fleet.recover(boss, NOW_MS - HOUR_MS);
  expect([await find(id), await find(other)]).toMatchObject([
    { disabled: { reason: 'restored' } },
    { disabled: { reason: 'restored' } },
  ]);
  await name('missed');
  await fleet.enableWebhook(boss, id);
  await name('two');
  await until(id, 'delivered');
  expect(namesAt(receiver)).toEqual(['two']);
  // Also where nobody has called recover for the webhooks.
  await store.renewEvents(NOW_MS, { actor: boss.actor, nowMs: NOW_MS });
  await expect.poll(async () => (await find(id))?.disabled?.reason).toBe('restored');
});

test('without the server key nothing is sent, which is reported once, and all is sent once it is back', async () => {
  const { store, create, name, until, errors, setKey, timer, find, statesOf } = setUp();
  await addNode(store, nodeRecord('n'));
  const receiver = await startReceiver();
  const id = await create(receiver);
  setKey(false);
  await name('one');
  await expect.poll(() => errors.length).toBe(1);
  await name('two');
  timer.pass(MINUTE_MS);
  expect(errors).toMatchObject([{ code: 'webhooks-off' }]);
  expect([await statesOf(id), (await find(id))?.key]).toEqual([[], 'missing']);
  setKey(true);
  timer.pass(MINUTE_MS);
  await until(id, 'delivered', 'delivered');
});

test('what goes wrong in the store is reported, and tried again', async () => {
  const store = createMemoryStore();
  let isBroken = true;
  const list = async () => {
    if (isBroken) throw new Error('The store is away');
    return store.webhooks.list();
  };
  const { create, name, errors, timer, until } = setUp({ store: { ...store, webhooks: { ...store.webhooks, list } } });
  await expect.poll(() => errors.length).toBeGreaterThan(0);
  isBroken = false;
  await addNode(store, nodeRecord('n'));
  const id = await create(await startReceiver());
  await name('one');
  timer.pass(MINUTE_MS);
  await until(id, 'delivered');
});

test('the end of a server waits for its attempts, and cuts them off after a while; another server sends them again', async () => {
  const store = createMemoryStore();
  await addNode(store, nodeRecord('n'));
  const first = setUp({ store, sender: { networks: ['127.0.0.1'], timeoutMs: 600_000 } });
  let isSilent = true;
  const receiver = await startReceiver({ answer: (response) => void (isSilent || response.writeHead(204).end()) });
  const id = await first.create(receiver);
  await first.name('one');
  await expect.poll(() => receiver.received.length).toBe(1);
  const ended = first.end();
  await expect.poll(() => first.timer.running()).toBeGreaterThan(0);
  first.timer.pass(4000);
  await ended;
  expect(await first.statesOf(id)).toEqual(['sending']);
  isSilent = false;
  const second = setUp({ store });
  second.timer.pass(10 * MINUTE_MS);
  await second.until(id, 'delivered');
  expect(receiver.received.map((each) => each.id)).toEqual([receiver.received[0]?.id, receiver.received[0]?.id]);
});
