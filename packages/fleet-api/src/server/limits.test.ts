import { createFleet, createMemoryStore } from '@serve.zone/baseos-cloudly-handlers';
import { ada } from '@serve.zone/baseos-cloudly-handlers/fixtures/fleet-callers';
import { expect, test } from 'vitest';
import { createFleetApi } from '../index.js';

const MINUTE_MS = 60_000;

function setUp(delay: Promise<unknown> = Promise.resolve()) {
  const clock = { nowMs: 0 };
  const asked: string[] = [];
  const { fetch } = createFleetApi({
    fleet: createFleet({ store: createMemoryStore() }),
    async authenticate({ headers }) {
      const authorization = headers.get('authorization') ?? '';
      asked.push(authorization);
      await delay;
      return authorization.startsWith('Bearer good') ? ada : undefined;
    },
    clientAddress: (_request, info) => info as string,
    now: () => clock.nowMs,
  });
  const send = async (token: string | undefined, address = '192.0.2.1') => {
    const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
    return fetch(new Request('http://cloudly.example/api/v1/summary', { headers }), address);
  };
  const flood = async (count: number) => {
    for (let each = 0; each < count; each += 1) await send(`guess ${each}`);
  };
  return { send, flood, clock, asked };
}

test('an address that guesses waits, and its guesses no longer reach whoever judges them', async () => {
  const { send, flood, asked, clock } = setUp();
  await flood(30);
  const response = await send('guess');
  expect(await response.json()).toMatchObject({ status: 429, code: 'rate-limited' });
  expect(response.headers.get('retry-after')).toBe('60');
  expect(asked).toHaveLength(30);
  expect((await send('guess', '192.0.2.2')).status).toBe(401);
  clock.nowMs += MINUTE_MS;
  expect((await send('guess')).status).toBe(401);
});

test('guesses at the same time are counted before one of them is judged', async () => {
  const { send } = setUp();
  const guesses = Array.from({ length: 40 }, (_, index) => send(`guess ${index}`));
  const statuses = (await Promise.all(guesses)).map(({ status }) => status);
  expect(statuses.filter((status) => status === 401)).toHaveLength(30);
});

test('whoever has shown valid credentials is let in, whatever the neighbours at the address do', async () => {
  const { send, flood } = setUp();
  expect((await send('good')).status).toBe(200);
  await flood(30);
  expect((await send('good')).status).toBe(200);
  expect((await send('good, but never seen')).status).toBe(429);
});

test('a request without credentials counts as no guess', async () => {
  const { send } = setUp();
  for (let count = 0; count < 40; count += 1) expect((await send(undefined)).status).toBe(401);
  expect((await send('good')).status).toBe(200);
});

test('a caller has so many requests in flight at most, and the next one has to wait', async () => {
  let release: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  const { fetch } = createFleetApi({
    fleet: {
      ...createFleet({ store: createMemoryStore() }),
      eventsEpoch: async () => {
        await held;
        return 'epoch';
      },
    },
    authenticate: () => ada,
  });
  const send = () => fetch(new Request('http://cloudly.example/api/v1/events/epoch'));
  const many = Array.from({ length: 33 }, send);
  const first = await Promise.race(many);
  expect([first.status, first.headers.get('retry-after')]).toEqual([429, '1']);
  release();
  const statuses = (await Promise.all(many)).map(({ status }) => status);
  expect(statuses.filter((status) => status === 200)).toHaveLength(32);
  expect((await send()).status).toBe(200);
});

test('an address that cannot be told apart costs the limit, and not the API', async () => {
  const errors: unknown[] = [];
  const { fetch } = createFleetApi({
    fleet: createFleet({ store: createMemoryStore() }),
    authenticate: () => ada,
    clientAddress: () => {
      throw new Error('There is no socket');
    },
    onError: (error) => errors.push(error),
  });
  expect((await fetch(new Request('http://cloudly.example/api/v1/summary'))).status).toBe(200);
  expect(errors).toMatchObject([{ message: 'There is no socket' }]);
});
