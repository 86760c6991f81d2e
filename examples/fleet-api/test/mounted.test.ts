import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { createFleet, createMemoryStore } from '@serve.zone/baseos-cloudly-handlers';
import { nodeListener } from '@serve.zone/baseos-cloudly-handlers/node';
import { createFleetApi, createFleetClient, type FleetApi } from '@serve.zone/baseos-fleet-api';
import express from 'express';
import fastify from 'fastify';
import { Hono } from 'hono';
import { describe, expect, onTestFinished, test } from 'vitest';

type Mount = (api: FleetApi) => Promise<Server> | Server;

/** Each way to mount the API on Node that the README names. */
const mounts: Record<string, Mount> = {
  'node:http': ({ fetch }) => createServer(nodeListener(fetch)),
  Express: ({ fetch }) => createServer(express().use('/cloudly/api/v1', nodeListener(fetch))),
  'Express, after a body parser': ({ fetch }) =>
    createServer(
      express()
        .use(express.json({ limit: '256kb' }))
        .use('/cloudly/api/v1', nodeListener(fetch)),
    ),
  async Fastify({ fetch }) {
    const app = fastify();
    const listener = nodeListener(fetch);
    app.all('/cloudly/api/v1/*', {
      // Before a parser reads the body.
      onRequest: async ({ raw }, reply) => {
        reply.hijack();
        await listener(raw, reply.raw);
      },
      handler: () => undefined,
    });
    await app.ready();
    return app.server;
  },
  Hono: ({ fetch }) => {
    const app = new Hono().all('/cloudly/api/v1/*', (context) => fetch(context.req.raw, context));
    const listener = getRequestListener(app.fetch);
    return createServer((incoming, outgoing) => void listener(incoming, outgoing));
  },
};

async function serve(mount: Mount) {
  const api = createFleetApi({
    fleet: createFleet({ store: createMemoryStore() }),
    authenticate: ({ headers }) =>
      headers.get('authorization') === 'Bearer secret' ? { actor: 'host:ada', role: 'operate' } : undefined,
  });
  const server = await mount(api);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/cloudly`;
}

describe.for(Object.entries(mounts))('the API in %s', ([_name, mount]) => {
  test('takes what a client sends, and gives it back', async () => {
    const url = await serve(mount);
    const fleet = createFleetClient({ url, token: 'secret' });
    expect((await fleet.summary()).nodeCount).toBe(0);
    const view = { id: '00000000-0000-4000-8000-000000000001', name: 'Läte ✓', selector: 'state:late' };
    expect(await fleet.saveView(view)).toMatchObject({ ...view, revision: 1, createdBy: 'host:ada' });
    const renamed = await fleet.saveView({ ...view, name: 'Quiet', revision: 1 });
    expect(await fleet.listViews()).toEqual([renamed]);
    await fleet.removeView(view.id);
    await expect(fleet.getNode('a/b')).rejects.toMatchObject({ code: 'node-unknown' });
  });

  test('refuses strangers, bodies that are no JSON, and those that are too large', async () => {
    const url = `${await serve(mount)}/api/v1`;
    expect((await fetch(`${url}/summary`)).status).toBe(401);
    const send = async (body: string, type = 'application/json') => {
      const headers = { authorization: 'Bearer secret', 'content-type': type };
      return (await fetch(`${url}/join-tokens`, { method: 'POST', headers, body })).status;
    };
    expect(await send('uses=1', 'text/plain')).toBe(415);
    expect(await send('{"uses":"1"}')).toBe(400);
    expect(await send(JSON.stringify({ description: 'x'.repeat(300_000) }))).toBe(413);
    expect(await send('{"uses":1}')).toBe(201);
  });

  test('gives files and streams bit by bit', async () => {
    const url = `${await serve(mount)}/api/v1`;
    const headers = { authorization: 'Bearer secret' };
    expect(await (await fetch(`${url}/nodes.csv?columns=id,name`, { headers })).text()).toBe('id,name\n');
    const stream = await fetch(`${url}/events/stream`, { headers });
    expect(stream.headers.get('content-type')).toContain('text/event-stream');
    const reader = stream.body?.getReader();
    expect((await reader?.read())?.done).toBe(false);
    await reader?.cancel();
  });
});
