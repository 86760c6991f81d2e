import { type Caller, createFleet, createMemoryStore, isFleetError } from '@serve.zone/baseos-cloudly-handlers';
import { ada, boss, vic } from '@serve.zone/baseos-cloudly-handlers/fixtures/fleet-callers';
import { addNode, nodeRecord, NOW_MS } from '@serve.zone/baseos-cloudly-handlers/fixtures/fleet-records';
import { describe, expect, test } from 'vitest';
import { clientBy, serveFleet } from '../../test/fixtures/remote-fleet.js';
import { isFleetApiError } from '../problems/fleet-api-error.js';

async function setUp() {
  const store = createMemoryStore();
  await addNode(store, nodeRecord('gate-1'));
  return serveFleet(createFleet({ store, now: () => NOW_MS }));
}

async function errorOf(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    () => undefined,
    (error: unknown) => error,
  );
}

describe('a fleet over its API', () => {
  test('shows a node, takes its approval and its name, and lists it', async () => {
    const { clientOf } = await setUp();
    const fleet = clientOf(ada);
    expect(await fleet.summary()).toMatchObject({ nodeCount: 1, states: { pending: 1 } });
    expect(await fleet.approve('gate-1')).toMatchObject({ hasChanged: true, record: { approvedAtMs: NOW_MS } });
    const { revision } = await fleet.rename('gate-1', 'North gate');
    expect(await fleet.getNode('gate-1')).toMatchObject({ profile: { name: 'North gate', revision } });
    const { nodes, next } = await fleet.listNodes({ selector: 'north', sort: { by: 'seen', isDescending: true } });
    expect(nodes.map(({ facts }) => facts.name)).toEqual(['North gate']);
    expect(next).toBeUndefined();
  });

  test('goes through the pages of a list', async () => {
    const store = createMemoryStore();
    for (const nodeId of ['a', 'b', 'c']) await addNode(store, nodeRecord(nodeId));
    const fleet = serveFleet(createFleet({ store, now: () => NOW_MS })).clientOf(vic);
    const first = await fleet.listNodes({ limit: 2 });
    const second = await fleet.listNodes({ limit: 2, after: first.next });
    expect([first, second].map(({ nodes }) => nodes.map(({ facts }) => facts.nodeId))).toEqual([['a', 'b'], ['c']]);
    expect(second.next).toBeUndefined();
  });

  test('rejects what the fleet rejects, with the same error', async () => {
    const { clientOf } = await setUp();
    const error = await errorOf(clientOf(vic).approve('gate-1'));
    expect(isFleetError(error)).toBe(true);
    expect(error).toMatchObject({
      code: 'role-insufficient',
      message: 'You need the role operate to call approve, but have view',
      remedy: 'Ask somebody with the role operate.',
    });
    expect(await errorOf(clientOf(ada).getNode('other'))).toMatchObject({ code: 'node-unknown' });
  });

  test('changes nothing that somebody else has changed in the meantime', async () => {
    const { clientOf } = await setUp();
    const fleet = clientOf(ada);
    const { revision } = await fleet.rename('gate-1', 'North');
    await fleet.rename('gate-1', 'South', { revision });
    expect(await errorOf(fleet.rename('gate-1', 'West', { revision }))).toMatchObject({ code: 'revision-changed' });
  });

  test('answers nobody without valid credentials', async () => {
    const { api } = await setUp();
    for (const token of [undefined, 'bot_guess']) {
      const error = await errorOf(clientBy(api, token).summary());
      expect(isFleetApiError(error)).toBe(true);
      expect(error).toMatchObject({ code: 'unauthenticated' });
    }
  });
});

describe('an answer', () => {
  const get = async (path: string, init: RequestInit = {}, caller: Caller = boss) => {
    const { api, clientOf } = await setUp();
    clientOf(caller);
    const authorization = `Bearer ${JSON.stringify(caller)}`;
    return api.fetch(new Request(`http://cloudly.example${path}`, { headers: { authorization }, ...init }));
  };

  test('is JSON that no browser keeps, shows or gives away, also below a path of the server', async () => {
    const response = await get('/some/where/api/v1/nodes/gate-1');
    expect(response.status).toBe(200);
    expect(Object.fromEntries(response.headers)).toEqual({
      'cache-control': 'no-store',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      'content-type': 'application/json',
      'cross-origin-resource-policy': 'same-origin',
      etag: '"1"',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    });
  });

  test.each([
    ['/api/v1/nowhere', {}, 404, 'not-found'],
    ['/elsewhere', {}, 404, 'not-found'],
    ['/api/v1/nodes/%ff', {}, 404, 'not-found'],
    ['/api/v1/summary', { method: 'DELETE' }, 405, 'method-not-allowed'],
    ['/api/v1/summary', { headers: {} }, 401, 'unauthenticated'],
    ['/api/v1/nodes?limt=1', {}, 400, 'malformed-request'],
    ['/api/v1/nodes?limit=many', {}, 400, 'malformed-request'],
    ['/api/v1/nodes/a%00b', {}, 400, 'malformed-request'],
    ['/api/v1/nodes/gate-2', {}, 404, 'node-unknown'],
  ])('to %s %j is a problem: %d %s', async (path, init, status, code) => {
    const response = await get(path, init);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(await response.json()).toMatchObject({ status, code });
    expect(response.status).toBe(status);
  });
});
