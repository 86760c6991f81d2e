import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { endpointUrl } from '@serve.zone/baseos-contracts';
import { Program } from '@serve.zone/baseos-testing/processes/program';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { post } from '../../src/load/exchange.js';
import { CloudlyServer } from '../../src/processes/cloudly-server.js';
import type { Database } from '../../src/database/database.js';
import { createSqliteDatabase } from '../../src/database/sqlite-database.js';
import { buildCloudly, type BuiltCli } from '../build-clis.js';
import { type Attacker, attacksOn, type RouteAttack } from './api-attacks.js';
import { apiRoutes, targetOf } from './api-routes.js';
import { framingAttacksOn } from './framing-attacks.js';
import { headTo } from './body-attacks.js';
import { exchangeRaw, type RawAnswer } from './raw-exchange.js';
import { json, newRegistration } from './request-bytes.js';

const TIMEOUT_MS = 60_000;
const routes = apiRoutes();
const routesWithBody = routes.filter(({ hasBody, needsCredentials }) => hasBody && needsCredentials);

let cli: BuiltCli;
let database: Database;
let server: CloudlyServer;
/** Several, because each token may only ask so often in a minute. */
let attackers: Attacker[];
let attacker: Attacker;
let reader: Attacker;
let slow: Promise<RawAnswer>[];
let outcomes: Promise<Map<string, string[]>>;
let before: unknown;

beforeAll(async () => {
  [cli, database] = await Promise.all([buildCloudly(), createSqliteDatabase()]);
  server = await CloudlyServer.start({ cliPath: cli.path, storage: database.storage });
  const joined = await operator('join-token', 'create');
  const [, joinToken = ''] = /BASEOS_JOIN_TOKEN=(\S+)/.exec(joined.stdout) ?? [];
  const { host } = new URL(server.url);
  attackers = [];
  for (const name of ['attacker', 'another', 'third', 'reader']) {
    const created = await operator('operator', 'token', 'create', name, '--role', 'admin', '--json');
    attackers.push({ host, token: (JSON.parse(created.stdout) as { token: string }).token, joinToken });
  }
  [attacker] = attackers as [Attacker];
  // Whose streams are counted attacks nothing.
  reader = attackers.pop() ?? attacker;
  before = await everything();
  outcomes = attackAll();
  // These take as long as the server lets them.
  slow = routesWithBody.map((route) =>
    attack(aByteAtATime(headTo({ ...route, ...attacker, path: targetOf(route), message: '' }, slowBody))),
  );
}, TIMEOUT_MS);

afterAll(async () => {
  await server?.kill();
  await database?.remove();
});

const slowBody = { ...json, 'Content-Length': 10_000 };

async function* aByteAtATime(head: string): AsyncGenerator<string> {
  yield head;
  for (;;) {
    yield ' ';
    await pause(100);
  }
}

async function operator(...argv: string[]): Promise<Program> {
  const command = new Program([cli.path, ...argv, ...database.storage]);
  await command.exited;
  return command;
}

async function read(path: string): Promise<unknown> {
  const response = await fetch(`${server.url}/api/v1${path}`, {
    headers: { authorization: `Bearer ${attacker.token}` },
  });
  expect(response.status).toBe(200);
  return response.json();
}

/** What an attack could have changed, and what would tell of it. Failures to sign in are told, and change nothing. */
async function everything(): Promise<unknown> {
  const { events } = (await read('/events?after=0&limit=1000')) as { events: { kind: string }[] };
  const lists = ['/nodes', '/join-tokens', '/views', '/bulk-jobs', '/operators', '/invitations'];
  return [events.filter(({ kind }) => kind !== 'sign-in-failed'), await Promise.all(lists.map(read))];
}

let attackCount = 0;

/** Each has its own source address, because failures are limited by address. */
async function attack(bytes: RouteAttack['bytes']): Promise<RawAnswer> {
  attackCount += 1;
  const address = `127.3.${attackCount >> 8}.${attackCount & 255}`;
  return exchangeRaw(server.url, bytes, process.platform === 'linux' ? address : undefined);
}

/** What came of an attack, if that is not one of its refusals. */
async function unrefused({ name, bytes, refusals, mayBeCutOff }: RouteAttack): Promise<string[]> {
  const { status, code, answers } = await attack(bytes);
  if (mayBeCutOff && answers === 0) return [];
  const isRefused = refusals.some((refusal) => refusal[0] === status && (refusal[1] ?? code) === code);
  return isRefused && answers === 1 && code !== undefined ? [] : [`${name}: ${answers} answers, ${status} ${code}`];
}

const AT_ONCE = 100;

/** Attacks all routes, with so many at once, because some wait until the server closes their connections. */
async function attackAll(): Promise<Map<string, string[]>> {
  const left = routes.flatMap((route, index) =>
    attacksOn(route, attackers[index % attackers.length] ?? attacker).map((each) => ({
      name: route.name,
      attack: each,
    })),
  );
  const found = new Map<string, string[]>(routes.map(({ name }) => [name, []]));
  const work = async (): Promise<void> => {
    for (let next = left.shift(); next; next = left.shift()) {
      found.get(next.name)?.push(...(await unrefused(next.attack)));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return found;
}

test('there are routes to attack, of each kind', () => {
  expect(routes.length).toBeGreaterThan(50);
  expect(routesWithBody.length).toBeGreaterThan(10);
  expect(routes.filter(({ needsCredentials }) => !needsCredentials).map(({ name }) => name)).toEqual([
    'POST /session',
    'POST /invitations/read',
    'POST /invitations/accept',
  ]);
});

test.for(routes)(
  '$name refuses every attack with its code, and others are served',
  { timeout: TIMEOUT_MS },
  async ({ name }) => {
    expect((await outcomes).get(name)).toEqual([]);
    await read('/summary');
  },
);

test.for(framingAttacksOn('/api/v1/session'))('$name is no request', async ({ bytes, refusal: [status] }) => {
  const loot = { joinToken: attacker.token, strangersToken: attacker.token } as Parameters<typeof bytes>[0];
  expect(await attack(bytes(loot))).toMatchObject({ status, answers: 1 });
});

test(
  'no caller has more than ten streams of events, also of those who never read',
  { timeout: TIMEOUT_MS },
  async () => {
    const { hostname: host, port } = new URL(server.url);
    const stream = { ...reader, method: 'GET', path: '/api/v1/events/stream', message: '' };
    const open = async (): Promise<Socket> => {
      const socket = connect({ host, port: Number(port) });
      socket.write(headTo(stream, {}));
      await once(socket, 'readable');
      return socket;
    };
    const streams = await Promise.all(Array.from({ length: 10 }, open));
    expect(await attack([headTo(stream, {})])).toMatchObject({ status: 429, code: 'rate-limited' });
    await read('/summary');
    for (const socket of streams) socket.destroy();
  },
);

test('a body that arrives one byte at a time is abandoned, on every route', { timeout: TIMEOUT_MS }, async () => {
  await read('/summary');
  const statuses = new Set((await Promise.all(slow)).map(({ status, answers }) => `${answers} ${status}`));
  // The API gives a body as long as the server gives a request: either may come first.
  expect([...statuses].filter((status) => status !== '1 400' && status !== '1 408')).toEqual([]);
});

test('none of the attacks has changed anything, or stopped the server', async () => {
  expect(await everything()).toEqual(before);
  expect(server.process.isRunning).toBe(true);
});

test('what a device or an operator writes is given back as it is, and nothing runs it', async () => {
  const [script, formula] = [
    '<img src=x onerror="alert(1)"></script><script>alert(1)</script>',
    '=HYPERLINK("http://x")',
  ];
  const registration = newRegistration();
  const { nodeId, status } = registration;
  const message = {
    ...registration,
    status: {
      ...status,
      host: { ...status.host, hostname: script, osVersion: formula },
      agent: { name: script, version: formula },
    },
  };
  const { body } = await post(endpointUrl(server.url, 'register'), { token: attacker.joinToken, message });
  expect(body['nodeToken']).toMatch(/^bnt_/);
  const api = (method: string, path: string, content?: object) =>
    fetch(`${server.url}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${attacker.token}`, 'content-type': 'application/json' },
      ...(content && { body: JSON.stringify(content) }),
    });
  for (const [name, value] of Object.entries({ name: formula, notes: script })) {
    expect((await api('PUT', `/nodes/${nodeId}/${name}`, { [name]: value })).status).toBe(200);
  }

  const shown = await api('GET', `/nodes/${nodeId}`);
  expect(shown.headers.get('content-type')).toBe('application/json');
  expect(shown.headers.get('x-content-type-options')).toBe('nosniff');
  expect(shown.headers.get('content-security-policy')).toContain("default-src 'none'");
  const profile: unknown = expect.objectContaining({ name: formula, notes: script });
  const facts: unknown = expect.objectContaining({ hostname: script, osVersion: formula });
  expect(await shown.json()).toMatchObject({ profile, facts });
  expect(await read(`/events?nodeId=${nodeId}&kinds=node-named`)).toMatchObject({
    events: [{ details: { to: formula } }],
  });

  const csv = await api('GET', '/nodes.csv?columns=id,name,os');
  expect(csv.headers.get('content-disposition')).toMatch(/^attachment/);
  const cell = `"'=HYPERLINK(""http://x"")"`;
  expect(await csv.text()).toContain(`${nodeId},${cell},${cell}`);
});
