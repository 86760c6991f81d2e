import { createFleet, createMemoryStore } from '@serve.zone/baseos-cloudly-handlers';
import { ada, boss } from '@serve.zone/baseos-cloudly-handlers/fixtures/fleet-callers';
import { addNode, nodeRecord, NOW_MS } from '@serve.zone/baseos-cloudly-handlers/fixtures/fleet-records';
import { describe, expect, test } from 'vitest';
import { serveFleet } from '../../test/fixtures/remote-fleet.js';
import { createFleetClient } from './create-fleet-client.js';

function clientOf(answer: () => Response | Promise<Response>) {
  return createFleetClient({ url: 'https://cloudly.example/', token: 'secret', fetch: async () => answer() });
}

describe('a client', () => {
  test.each([
    'cloudly.example',
    'ftp://cloudly.example',
    'https://ada:secret@cloudly.example',
    'https://c/?a',
    'https://c/#a',
  ])('is not made for %s, which is no URL of a server', (url) => {
    expect(() => createFleetClient({ url })).toThrow(TypeError);
    expect(() => createFleetClient({ url })).not.toThrow('secret');
  });

  test('sends its token with each request, to the path below that of the server, and follows no redirect', async () => {
    const sent: [string, RequestInit][] = [];
    const fleet = createFleetClient({
      url: 'https://cloudly.example/fleet/',
      token: async () => 'fresh',
      async fetch(url, init) {
        sent.push([url, init]);
        return Response.json({ epoch: 'e' });
      },
    });
    expect(await fleet.eventsEpoch()).toBe('e');
    const [[url, init] = []] = sent;
    expect(url).toBe('https://cloudly.example/fleet/api/v1/events/epoch');
    expect(init).toMatchObject({ method: 'GET', headers: { authorization: 'Bearer fresh' }, redirect: 'manual' });
  });

  test.each([
    ['a page', () => new Response('<html>', { headers: { 'content-type': 'text/html' } })],
    ['an error of a proxy', () => new Response('Bad gateway', { status: 502 })],
    ['JSON of another server', () => Response.json({ error: 'no such page' }, { status: 404 })],
    ['a redirect', () => new Response(null, { status: 302, headers: { location: 'https://login.example' } })],
  ])('says so if something else answers: %s', async (_what, answer) => {
    await expect(clientOf(answer).summary()).rejects.toMatchObject({ code: 'not-the-api' });
  });

  test('says so if nobody answers, or the answer breaks off', async () => {
    const refused = clientOf(() => Promise.reject(new TypeError('fetch failed')));
    await expect(refused.summary()).rejects.toMatchObject({ code: 'unreachable' });
    const broken = clientOf(
      () => new Response(new ReadableStream({ pull: (controller) => controller.error(new Error('broken off')) })),
    );
    await expect(broken.summary()).rejects.toMatchObject({ code: 'unreachable' });
  });

  test('has the time to wait of a server that is busy', async () => {
    const problem = { code: 'rate-limited', detail: 'Too many', remedy: 'Wait.' };
    const busy = clientOf(() => Response.json(problem, { status: 429, headers: { 'retry-after': '7' } }));
    await expect(busy.summary()).rejects.toMatchObject({ code: 'rate-limited', retryAfterMs: 7000, remedy: 'Wait.' });
  });
});

describe('an ID', () => {
  test.each(['', '.', '..', '\ud800'])('that no path can have leads to no other path: %j', async (nodeId) => {
    const { clientOf: clientBy } = serveFleet(createFleet({ store: createMemoryStore() }));
    await expect(clientBy(boss).forget(nodeId)).rejects.toMatchObject({ code: 'value-invalid' });
  });

  test('that is also a word of a path is that of a node', async () => {
    const store = createMemoryStore();
    await addNode(store, nodeRecord('live'));
    const fleet = serveFleet(createFleet({ store, now: () => NOW_MS })).clientOf(ada);
    expect((await fleet.getNode('live')).facts.nodeId).toBe('live');
    expect(await fleet.liveNodes(['live'])).toMatchObject([{ nodeId: 'live', state: 'pending' }]);
  });
});
