import { type Caller, createEventFeed, hasRole, parseScope } from '@serve.zone/baseos-cloudly-handlers';
import { composeToken } from '@serve.zone/baseos-contracts';
import { expect, test } from 'vitest';
import { streamService } from '../src/event-stream/stream-service.js';
import { createFleetApi } from '../src/index.js';
import { fillPath } from '../src/route/path-template.js';
import { exportService } from '../src/server/export-service.js';
import { servicesOf } from '../src/server/services.js';
import { recordCalls } from './fixtures/recorded-fleet.js';

const scope = parseScope('label.site=berlin');
const callers: Record<string, Caller> = {
  view: { actor: 'operator:vic', role: 'view' },
  operate: { actor: 'operator:ada', role: 'operate' },
  admin: { actor: 'operator:boss', role: 'admin' },
  'scoped admin': { actor: 'operator:bea', role: 'admin', scope },
};

/** What nobody is let in with; of an API token that has expired, `authenticate` says so. */
const strangers: Record<string, Record<string, string>> = {
  nothing: {},
  'a node token': { authorization: `Bearer ${composeToken('node', bytes(1)).token}` },
  'a join token': { authorization: `Bearer ${composeToken('join', bytes(2)).token}` },
  'an expired API token': { authorization: 'Bearer bot_expired' },
  'a password': { authorization: 'Basic YWRhOnBhc3N3b3Jk' },
};

function bytes(fill: number) {
  return { id: new Uint8Array(16).fill(fill), secret: new Uint8Array(32).fill(fill) };
}

function authenticate({ headers }: Request): Caller | undefined {
  return callers[headers.get('authorization')?.slice('Bearer '.length) ?? ''];
}

const { fleet, operators, calls } = recordCalls();
const streams = streamService({
  feed: createEventFeed({ fleet, onNews: () => () => undefined }),
  authenticate,
  startTimer: () => () => undefined,
  random: () => 0,
  onError: () => undefined,
});
const services = servicesOf({
  fleet,
  operators,
  runner: { begin: () => undefined },
  exports: exportService(fleet),
  streams,
});
const routes = services.flatMap(({ routes: served, needs }) =>
  served.map((route) => ({ route, needed: needs(route.call), name: `${route.method} ${route.path}` })),
);
const { fetch } = createFleetApi({
  fleet,
  operators,
  authenticate,
});

async function send(method: string, path: string, headers: Record<string, string>) {
  calls.length = 0;
  const filled = fillPath(path, new Proxy({}, { get: () => 'any' }));
  const response = await fetch(new Request(`http://cloudly.example/api/v1${filled}`, { method, headers }));
  const { code } = (await response.json()) as { code: string };
  return { status: response.status, code, reached: calls.length > 0, headers: response.headers };
}

test('every call has a route, and every route a path of its own', () => {
  expect(new Set(routes.map(({ name }) => name)).size).toBe(routes.length);
});

test.each(routes)('$name lets in those with its role ($needed) alone', async ({ route, needed }) => {
  const outcomes: Record<string, string> = {};
  const expected: Record<string, string> = {};
  for (const [who, headers] of Object.entries(strangers)) {
    const { status, code, reached } = await send(route.method, route.path, headers);
    outcomes[who] = `${status} ${code}, ${reached ? 'reached' : 'kept off'}`;
    expected[who] = needed === 'anyone' ? outcomes[who] : '401 unauthenticated, kept off';
  }
  for (const [who, caller] of Object.entries(callers)) {
    const { status, code, reached } = await send(route.method, route.path, { authorization: `Bearer ${who}` });
    const isIn = status !== 401 && code !== 'role-insufficient';
    outcomes[who] = isIn ? 'let in' : `${code}, ${reached ? 'reached' : 'kept off'}`;
    const mayCall = needed === 'anyone' || hasRole(caller, needed);
    expected[who] = mayCall ? 'let in' : 'role-insufficient, kept off';
  }
  expect(outcomes).toEqual(expected);
});

test('a stranger learns which scheme there is, and whether a credential was wrong', async () => {
  const { headers: ofNone } = await send('GET', '/summary', {});
  expect(ofNone.get('www-authenticate')).toBe('Bearer realm="baseos"');
  const { headers: ofWrong } = await send('GET', '/summary', { authorization: 'Bearer bot_wrong' });
  expect(ofWrong.get('www-authenticate')).toBe('Bearer realm="baseos", error="invalid_token"');
});
