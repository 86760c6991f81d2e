import { type Caller, createFleet, createMemoryStore, FleetStoreError } from '@serve.zone/baseos-cloudly-handlers';
import { createFakeTimer } from '@serve.zone/baseos-cloudly-handlers/fixtures/fake-timer';
import { ada, berliner, boss, vic } from '@serve.zone/baseos-cloudly-handlers/fixtures/fleet-callers';
import { addNode, nodeRecord, NOW_MS } from '@serve.zone/baseos-cloudly-handlers/fixtures/fleet-records';
import { describe, expect, onTestFinished, test } from 'vitest';
import { serveFleet } from '../../test/fixtures/remote-fleet.js';
import type { FleetApiOptions } from '../index.js';
import { FleetApiError } from '../problems/fleet-api-error.js';

async function setUp(options: Partial<FleetApiOptions> = {}) {
  const store = createMemoryStore();
  await addNode(store, nodeRecord('gate-1'));
  const fleet = createFleet({ store, now: () => NOW_MS });
  const timer = createFakeTimer();
  const served = serveFleet(fleet, {
    onNews: (onNews) => store.onNews(onNews),
    startTimer: timer.startTimer,
    random: () => 0.5,
    now: () => NOW_MS,
    ...options,
  });
  onTestFinished(served.api.drain);
  const epoch = await store.eventsEpoch();
  const get = (token: string, { query = '', ...init }: RequestInit & { query?: string } = {}) => {
    const headers = { authorization: `Bearer ${token}`, ...(init.headers as Record<string, string>) };
    return served.api.fetch(new Request(`http://cloudly.example/api/v1/events/stream${query}`, { ...init, headers }));
  };
  const open = async (caller: Caller, init: RequestInit & { query?: string } = {}) => {
    const response = await get(served.tokenOf(caller), init);
    return { response, ...readerOf(response) };
  };
  let name = 0;
  const rename = async (count = 1): Promise<void> => {
    for (let left = count; left > 0; left -= 1) await fleet.rename(boss, 'gate-1', `Gate ${(name += 1)}`);
  };
  return { ...served, store, fleet, timer, epoch, get, open, rename };
}

function readerOf({ body }: Response) {
  let opened: ReadableStreamDefaultReader<Uint8Array> | undefined;
  const read = async () => (opened ??= body?.getReader())?.read();
  const decoder = new TextDecoder();
  let text = '';
  return {
    /** Reads until what was said has this at its end, and resolves with all that is new. */
    until: async (end: string): Promise<string> => {
      let said = '';
      while (!said.endsWith(end)) {
        const piece = await read();
        if (!piece?.value) throw new Error(`The stream ended after ${said}`);
        said += decoder.decode(piece.value);
      }
      text += said;
      return said;
    },
    /** Resolves with all that was said when it ends. */
    rest: async (): Promise<string> => {
      for (;;) {
        const piece = await read();
        if (!piece?.value) return text;
        text += decoder.decode(piece.value);
      }
    },
    leave: async () => opened?.cancel() ?? body?.cancel(),
  };
}

/** So that what is due has happened. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => void setImmediate(resolve));
}

describe('a stream of events', () => {
  test('begins with its place, and has each event with the place after it', async () => {
    const { open, epoch, rename } = await setUp();
    const { response, until } = await open(boss);
    expect(response.status).toBe(200);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'text/event-stream',
      'cache-control': 'no-store, no-transform',
      'x-accel-buffering': 'no',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    });
    expect(await until(`id: ${epoch}-2\n\n`)).toBe(`retry: 3000\n\nid: ${epoch}-2\n\n`);
    await rename();
    const data = '{"position":3,"atMs":1800000000000,"actor":"operator:boss","nodeId":"gate-1","kind":"node-named"';
    const said = await until('\n\n');
    expect(said.replace(/"atMs":\d+/, '"atMs":1800000000000')).toBe(
      `id: ${epoch}-3\ndata: ${data},"details":{"to":"Gate 1"}}\n\n`,
    );
  });

  test('says something every 15 seconds, and how far it is where all is hidden', async () => {
    const { open, epoch, rename, timer } = await setUp();
    const { until } = await open(berliner);
    await until(`id: ${epoch}-2\n\n`);
    timer.pass(15_000);
    expect(await until(':\n\n')).toBe(':\n\n');
    await rename();
    await settle();
    timer.pass(15_000);
    expect(await until('\n\n')).toBe(`id: ${epoch}-3\n\n`);
    timer.pass(15_000);
    expect(await until('\n\n')).toBe(':\n\n');
  });

  test.for<[string, { query?: string; headers?: Record<string, string> }, string[]]>([
    ['`after`', { query: '?after=EPOCH-1' }, ['2', '3']],
    ['`Last-Event-ID`', { headers: { 'last-event-id': 'EPOCH-2' } }, ['3']],
    [
      '`Last-Event-ID`, which a browser repeats',
      { query: '?after=EPOCH-1', headers: { 'last-event-id': 'EPOCH-2' } },
      ['3'],
    ],
    ['`after`, with a filter', { query: '?after=EPOCH-0&kinds=node-named,node-noted&nodeId=gate-1' }, ['3']],
  ])('goes on after %s', async ([, { query, headers = {} }, positions]) => {
    const { open, epoch, rename } = await setUp();
    await rename();
    const named = Object.entries(headers).map(([name, value]) => [name, value.replace('EPOCH', epoch)]);
    const { until } = await open(boss, {
      query: query?.replace('EPOCH', epoch) ?? '',
      headers: Object.fromEntries(named) as Record<string, string>,
    });
    const said = await until('"details":{"to":"Gate 1"}}\n\n');
    expect(Array.from(said.matchAll(/-(\d+)\ndata/g), ([, position]) => position)).toEqual(positions);
  });

  test('after data was lost, or in another fleet, says where to go on', async () => {
    const { open, epoch } = await setUp();
    const { until } = await open(boss, { headers: { 'last-event-id': 'another-7' } });
    expect(await until(`id: ${epoch}-2\n\n`)).toContain(`id: ${epoch}-2\nevent: reset\ndata: {"reason":"epoch"}\n\n`);
  });

  test.for<[string, Caller, { query?: string; headers?: Record<string, string> }, number, string]>([
    ['a place that cannot be read', boss, { query: '?after=x' }, 422, 'value-invalid'],
    ['a kind that there is not', boss, { query: '?kinds=node-named,x' }, 400, 'malformed-request'],
    ['what people did, for those who only look', vic, { query: '?isAudit=true' }, 403, 'role-insufficient'],
  ])('is a problem instead for %s', async ([, caller, init, status, code]) => {
    const { open, api } = await setUp();
    const { response } = await open(caller, init);
    expect([response.status, await response.json()]).toEqual([status, expect.objectContaining({ code })]);
    expect(api.countStreams()).toBe(0);
  });
});

describe('whoever reads is judged again every half a minute, and the stream ends', () => {
  test.for<[string, Caller | undefined]>([
    ['once their token is revoked or their session has ended', undefined],
    ['once they have another role', { ...ada, role: 'view' }],
    ['once they have a scope', { ...ada, scope: berliner.scope }],
    ['once it is somebody else', { ...ada, actor: 'operator:eve' }],
  ])('%s', async ([, other]) => {
    const { open, tokenOf, revoke, timer, rename, api } = await setUp();
    const { rest } = await open(ada);
    timer.pass(30_000);
    await settle();
    await rename();
    revoke(tokenOf(ada), other);
    timer.pass(15_000);
    await settle();
    expect(api.countStreams()).toBe(1);
    timer.pass(15_000);
    expect(await rest()).toContain('Gate 1');
    expect([api.countStreams(), timer.running()]).toEqual([0, 0]);
  });

  test('once their request is refused, but not because the database does not answer', async () => {
    let refusal: Error | undefined;
    const { open, timer, api, errors } = await setUp({
      authenticate: () => {
        if (refusal) throw refusal;
        return ada;
      },
    });
    const { rest } = await open(ada);
    refusal = new FleetStoreError('database-unreachable', 'away');
    timer.pass(30_000);
    await settle();
    expect([api.countStreams(), errors]).toEqual([1, [refusal]]);
    refusal = new FleetApiError('origin-refused', 'no', { remedy: '' });
    timer.pass(30_000);
    await rest();
    expect([api.countStreams(), errors.length]).toEqual([0, 1]);
  });
});

describe('there are no more streams', () => {
  test('than ten of a caller', async () => {
    const { open, api } = await setUp();
    const streams = await Promise.all(Array.from({ length: 10 }, () => open(ada)));
    const { response } = await open(ada);
    expect([response.status, response.headers.get('retry-after'), await response.json()]).toEqual([
      429,
      '10',
      expect.objectContaining({ code: 'rate-limited', detail: 'You have 10 streams of events open already' }),
    ]);
    expect((await open(vic)).response.status).toBe(200);
    await streams[0]?.leave();
    expect((await open(ada)).response.status).toBe(200);
    expect(api.countStreams()).toBe(11);
  });

  test('than 200 in a process', async () => {
    const { open, api } = await setUp();
    const callers = Array.from({ length: 201 }, (_, index): Caller => ({ actor: `token:${index}`, role: 'view' }));
    const statuses = await Promise.all(callers.map(async (caller) => (await open(caller)).response.status));
    expect([statuses.filter((status) => status === 200).length, statuses.at(-1)]).toEqual([200, 503]);
    expect(api.countStreams()).toBe(200);
  });

  test('than clients that are there', async () => {
    const { open, api, timer } = await setUp();
    const gone = new AbortController();
    const [one, other] = [await open(ada, { signal: gone.signal }), await open(ada)];
    gone.abort();
    await other.leave();
    await one.rest().catch(() => undefined);
    expect([api.countStreams(), timer.running()]).toEqual([0, 0]);
  });
});

test('a reader who takes nothing for half a minute is cut off, and goes on after the last place', async () => {
  const { open, rename, timer, api, epoch } = await setUp();
  const slow = await open(boss);
  // More than may wait, in several readings.
  for (let count = 0; count < 4; count += 1) {
    await rename(300);
    await settle();
  }
  timer.pass(15_000);
  expect(api.countStreams()).toBe(1);
  timer.pass(15_000);
  await expect(slow.rest()).rejects.toThrow('The reader takes nothing');
  expect([api.countStreams(), timer.running()]).toEqual([0, 0]);

  // One that takes it in time stays.
  const { until } = await open(boss, { query: `?after=${epoch}-2` });
  await until('"Gate 1200"}}\n\n');
  timer.pass(60_000);
  expect(api.countStreams()).toBe(1);
});

test('a shutdown ends all streams, and there are no new ones', async () => {
  const { open, api, timer } = await setUp();
  const streams = await Promise.all([boss, ada, vic].map((caller) => open(caller)));
  await api.drain();
  for (const { rest } of streams) await rest();
  expect([api.countStreams(), timer.running()]).toEqual([0, 0]);
  expect((await open(boss)).response.status).toBe(503);
});

test('a failure cuts the stream, and is reported', async () => {
  const { open, fleet, errors, rename, api } = await setUp();
  const { rest, until } = await open(boss);
  await until('\n\n');
  const failure = new TypeError('a mistake');
  fleet.listEvents = async () => {
    throw failure;
  };
  await rename();
  await expect(rest()).rejects.toThrow('a mistake');
  expect([errors, api.countStreams()]).toEqual([[failure], 0]);
});
