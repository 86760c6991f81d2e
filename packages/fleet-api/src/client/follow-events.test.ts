import { createFleet, createMemoryStore, type FollowedEvents } from '@serve.zone/baseos-cloudly-handlers';
import { createFakeTimer } from '@serve.zone/baseos-cloudly-handlers/fixtures/fake-timer';
import { ada, boss } from '@serve.zone/baseos-cloudly-handlers/fixtures/fleet-callers';
import { addNode, nodeRecord, NOW_MS } from '@serve.zone/baseos-cloudly-handlers/fixtures/fleet-records';
import { array, assert, asyncProperty, constantFrom, double, nat, oneof, property, record } from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { serveFleet } from '../../test/fixtures/remote-fleet.js';
import { createFleetClient, type FleetClientOptions, type FollowEventsOptions } from '../index.js';
import { backoffMs } from './follow-events.js';

async function setUp() {
  const store = createMemoryStore();
  await addNode(store, nodeRecord('gate-1'));
  const fleet = createFleet({ store, now: () => NOW_MS });
  const served = serveFleet(fleet, { onNews: (onNews) => store.onNews(onNews), now: () => NOW_MS });
  onTestFinished(served.api.drain);
  let names = 0;
  const rename = async (): Promise<void> => void (await fleet.rename(boss, 'gate-1', `Gate ${(names += 1)}`));
  const epoch = await store.eventsEpoch();
  return { ...served, store, fleet, rename, epoch };
}

type Send = NonNullable<FleetClientOptions['fetch']>;

/** Follows with a client whose requests go this way. */
function follow(
  token: string,
  fetch: Send,
  { startTimer, ...options }: Partial<FollowEventsOptions> & Pick<FleetClientOptions, 'startTimer'> = {},
) {
  const ending = new AbortController();
  const troubles: string[] = [];
  const client = createFleetClient({ url: 'http://cloudly.example', token, fetch, startTimer, random: () => 0 });
  const followed = client.followEvents({
    signal: ending.signal,
    onTrouble: (error) => void troubles.push(error.message),
    ...options,
  });
  onTestFinished(() => ending.abort());
  const next = async (): Promise<FollowedEvents | undefined> => (await followed.next()).value ?? undefined;
  const positionsOf = (said: FollowedEvents | undefined) => said?.events.map(({ position }) => position) ?? [];
  return { next, troubles, end: () => ending.abort(), positions: async () => positionsOf(await next()) };
}

/** What happens to a connection, or in its place. */
type Fate =
  | { kind: 'whole' }
  /** It ends without an error, or breaks, after so many bytes, which arrive in pieces of this size. */
  | { kind: 'ends' | 'breaks'; afterBytes: number; pieceBytes: number }
  | { kind: 'no-answer' }
  | { kind: 'unavailable' };

function suffer(fate: Fate, response: Response): Response {
  if (fate.kind === 'whole') return response;
  if (fate.kind === 'no-answer') throw new TypeError('fetch failed');
  if (fate.kind === 'unavailable') return problem(503, 'unavailable');
  let left = fate.afterBytes;
  const cut = new TransformStream<Uint8Array, Uint8Array>({
    transform(bytes, controller) {
      const passed = bytes.subarray(0, left);
      for (let at = 0; at < passed.length; at += fate.pieceBytes) {
        controller.enqueue(passed.subarray(at, at + fate.pieceBytes));
      }
      left -= passed.length;
      if (left > 0) return;
      if (fate.kind === 'ends') controller.terminate();
      else controller.error(new TypeError('terminated'));
    },
  });
  return new Response(response.body?.pipeThrough(cut), response);
}

/** No time passes: whoever waits goes on at once, and nothing is ever late. */
const impatient: FleetClientOptions['startTimer'] = (durationMs, onEnd) => {
  if (durationMs > 20_000) return () => undefined;
  const immediate = setImmediate(onEnd);
  return () => clearImmediate(immediate);
};

test('wherever bytes and connections are cut, no event is lost and none comes twice', async () => {
  const fate = oneof(
    record({ kind: constantFrom('ends' as const, 'breaks' as const), afterBytes: nat(700), pieceBytes: nat(60) }),
    constantFrom<Fate>({ kind: 'no-answer' }, { kind: 'unavailable' }),
  );
  await assert(
    asyncProperty(array(fate, { maxLength: 12 }), array(nat(3), { maxLength: 12 }), async (fates, writes) => {
      const { api, tokenOf, rename, epoch } = await setUp();
      const left = fates.map((each) => ('pieceBytes' in each ? { ...each, pieceBytes: each.pieceBytes + 1 } : each));
      const follower = follow(
        tokenOf(boss),
        async (url, init) => {
          const suffered = left.shift() ?? { kind: 'whole' };
          return suffer(suffered, await api.fetch(new Request(url, init)));
        },
        { startTimer: impatient, after: `${epoch}-2` },
      );
      const read: number[] = [];
      let written = 0;
      for (const count of [...writes, 1]) {
        for (let index = 0; index < count; index += 1) await rename();
        written += count;
        while (read.length < written) read.push(...(await follower.positions()));
      }
      follower.end();
      expect(read).toEqual(Array.from({ length: written }, (_, index) => index + 3));
    }),
  );
});

describe('a client that follows', () => {
  test('is told where it is first, and each thing with its place', async () => {
    const { api, tokenOf, rename, epoch, store } = await setUp();
    const { next } = follow(tokenOf(ada), (url, init) => api.fetch(new Request(url, init)));
    expect(await next()).toEqual({ events: [], after: `${epoch}-2` });
    await rename();
    expect(await next()).toMatchObject({
      events: [{ kind: 'node-named', details: { to: 'Gate 1' } }],
      after: `${epoch}-3`,
    });
    await store.renewEvents(NOW_MS, { actor: 'cli:root', nowMs: NOW_MS });
    expect(await next()).toMatchObject({ reset: 'epoch', after: `${await store.eventsEpoch()}-4` });
  });

  test('may choose what it follows, and from where', async () => {
    const { api, tokenOf, rename, epoch } = await setUp();
    await rename();
    const urls: string[] = [];
    const { positions } = follow(
      tokenOf(ada),
      (url, init) => {
        urls.push(url);
        return api.fetch(new Request(url, init));
      },
      { after: `${epoch}-1`, kinds: ['node-named', 'node-noted'], nodeId: 'gate-1', isAudit: true },
    );
    expect(await positions()).toEqual([3]);
    expect(urls).toEqual([
      `http://cloudly.example/api/v1/events/stream?after=${epoch}-1&nodeId=gate-1&isAudit=true&kinds=node-named%2Cnode-noted`,
    ]);
  });

  test('ends with its signal, whatever it waits for', async () => {
    const { api, tokenOf } = await setUp();
    const open = follow(tokenOf(ada), (url, init) => api.fetch(new Request(url, init)));
    await open.next();
    const waiting = open.next();
    open.end();
    expect(await waiting).toBeUndefined();
    await expect.poll(api.countStreams).toBe(0);

    const away = follow(tokenOf(ada), () => Promise.reject(new TypeError('fetch failed')));
    const retrying = away.next();
    await expect.poll(() => away.troubles).toEqual(['The server did not answer']);
    away.end();
    expect(await retrying).toBeUndefined();
  });

  test('waits longer each time that the server does not answer, and tells it once', async () => {
    const timer = createFakeTimer();
    let tries = 0;
    const away = follow('t', () => Promise.reject(new TypeError(`fetch failed ${(tries += 1)}`)), {
      startTimer: timer.startTimer,
    });
    void away.next();
    const waited: number[] = [];
    for (let failures = 1; failures <= 8; failures += 1) {
      await expect.poll(() => [tries, timer.running()]).toEqual([failures, 1]);
      let passedMs = 0;
      while (timer.running() > 0) {
        timer.pass(250);
        passedMs += 250;
      }
      waited.push(passedMs);
    }
    expect(waited).toEqual([500, 1000, 2000, 4000, 8000, 15_000, 15_000, 15_000]);
    expect(away.troubles).toEqual(['The server did not answer']);
  });

  test('waits as long as the server says', async () => {
    const timer = createFakeTimer();
    let tries = 0;
    const { next, end } = follow(
      't',
      async () => {
        tries += 1;
        return problem(503, 'unavailable', { 'retry-after': '10' });
      },
      { startTimer: timer.startTimer },
    );
    const following = next();
    await expect.poll(timer.running).toBe(1);
    timer.pass(9999);
    expect(timer.running()).toBe(1);
    timer.pass(1);
    await expect.poll(() => tries).toBe(2);
    end();
    expect(await following).toBeUndefined();
  });

  test('connects again if it hears nothing for three beats', async () => {
    const { api, tokenOf, rename } = await setUp();
    const timer = createFakeTimer();
    let connections = 0;
    const { next, positions } = follow(
      tokenOf(ada),
      (url, init) => {
        connections += 1;
        return api.fetch(new Request(url, init));
      },
      { startTimer: timer.startTimer },
    );
    await next();
    const waiting = positions();
    await expect.poll(timer.running).toBe(1);
    timer.pass(45_000);
    await expect.poll(timer.running).toBe(1);
    timer.pass(1000);
    await expect.poll(() => connections).toBe(2);
    await rename();
    expect(await waiting).toEqual([3]);
  });

  test('goes on after a proxy answered for a server that restarts', async () => {
    const { api, tokenOf, rename } = await setUp();
    let connections = 0;
    const { next, positions } = follow(
      tokenOf(ada),
      async (url, init) => {
        connections += 1;
        const response = await api.fetch(new Request(url, init));
        if (connections === 1) return suffer({ kind: 'breaks', afterBytes: 100, pieceBytes: 100 }, response);
        return connections === 2 ? new Response('<html>', { status: 502 }) : response;
      },
      { startTimer: impatient },
    );
    await next();
    const waiting = positions();
    await rename();
    expect(await waiting).toEqual([3]);
  });

  test.for<[string, () => Response, string]>([
    ['its token is refused', () => problem(401, 'unauthenticated'), 'unauthenticated'],
    ['it may not read that', () => problem(403, 'role-insufficient'), 'role-insufficient'],
    ['there is no such API', () => new Response('<html>', { status: 404 }), 'not-the-api'],
    [
      'something else answers',
      () => new Response('<html>', { headers: { 'content-type': 'text/html' } }),
      'not-the-api',
    ],
  ])('does not try again if %s', async ([, answer, code]) => {
    const { next, troubles } = follow('t', async () => answer());
    await expect(next()).rejects.toMatchObject({ code });
    expect(troubles).toEqual([]);
  });

  test('learns by its next request that it may no longer read', async () => {
    const { api, tokenOf, revoke, rename } = await setUp();
    const token = tokenOf(ada);
    let connections = 0;
    const { next } = follow(
      token,
      async (url, init) => {
        connections += 1;
        const response = await api.fetch(new Request(url, init));
        return connections === 1 ? suffer({ kind: 'ends', afterBytes: 100, pieceBytes: 100 }, response) : response;
      },
      { startTimer: impatient },
    );
    await next();
    revoke(token);
    await rename();
    await expect(next()).rejects.toMatchObject({ code: 'unauthenticated' });
  });
});

function problem(status: number, code: string, headers: Record<string, string> = {}): Response {
  return Response.json({ code, detail: 'no', remedy: 'none' }, { status, headers });
}

test('the time before the next try grows, is never more than half a minute, and is left to chance by half', () => {
  assert(
    property(nat(2000), double({ min: 0, max: 1, noNaN: true }), (failures, chance) => {
      const waitMs = backoffMs(failures, chance);
      const most = Math.min(30_000, 500 * 2 ** failures);
      expect(waitMs).toBeGreaterThanOrEqual(most / 2);
      expect(waitMs).toBeLessThanOrEqual(most);
    }),
  );
});
