import { createServer, request as sendRequest, type Server } from 'node:http';
import { listenOnLoopback } from '@serve.zone/baseos-testing/network/listen-on-loopback';
import { getRequestListener } from '@hono/node-server';
import { endpoints, limits } from '@serve.zone/baseos-contracts';
import fastify from 'fastify';
import { Hono } from 'hono';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { CloudlyHandlers } from './create-cloudly-handlers.js';
import { createCloudly } from '../test/fixtures/cloudly.js';
import { createEmulatedNode } from '@serve.zone/baseos-testing/nodes/emulated-node';
import { createMemoryStore } from './stores/memory/memory-store.js';
import { fastifyPlugin, nodeListener } from './node.js';

/** As the README has it. */
const servers: readonly {
  name: string;
  mountPath: string;
  serve: (handlers: CloudlyHandlers) => Server | Promise<Server>;
}[] = [
  {
    name: 'node:http',
    mountPath: '',
    serve: (handlers) => createServer(nodeListener(handlers.fetch)),
  },
  {
    name: "node:http, by Hono's listener",
    mountPath: '',
    serve: (handlers) => createServer(listener(handlers.fetch)),
  },
  {
    name: 'Hono, under a path',
    mountPath: '/cloudly',
    serve: (handlers) => {
      const app = new Hono();
      app.all('/cloudly/baseos/*', (context) => handlers.fetch(context.req.raw));
      return createServer(listener(app.fetch));
    },
  },
  {
    name: 'Hono, mounted',
    mountPath: '/cloudly',
    serve: (handlers) => createServer(listener(new Hono().mount('/cloudly', handlers.fetch).fetch)),
  },
  {
    name: 'Fastify, under a prefix',
    mountPath: '/cloudly',
    serve: async (handlers) => {
      const app = fastify();
      await app.register(fastifyPlugin(handlers.fetch), { prefix: '/cloudly' });
      await app.ready();
      return app.server;
    },
  },
];

function listener(fetch: (request: Request) => Response | Promise<Response>) {
  const answer = getRequestListener(fetch, { overrideGlobalObjects: false });
  return (...exchange: Parameters<typeof answer>): void => void answer(...exchange);
}

describe.for(servers)('behind $name', ({ mountPath, serve }) => {
  const listen = async () => {
    const cloudly = createCloudly(createMemoryStore());
    const server = await serve(cloudly.handlers);
    const { port, close } = await listenOnLoopback(server);
    onTestFinished(close);
    return { cloudly, url: `http://127.0.0.1:${port}${mountPath}` };
  };

  test('a device registers and sends a heartbeat', async () => {
    const { cloudly, url } = await listen();
    const device = createEmulatedNode();
    const send = async (path: string, bearer: string, body: object) => {
      const headers = { 'content-type': 'application/json', authorization: `Bearer ${bearer}` };
      const response = await fetch(url + path, { method: 'POST', headers, body: JSON.stringify(body) });
      return { status: response.status, body: (await response.json()) as { nodeToken: string } };
    };
    const registered = await send(endpoints.register.path, await cloudly.createJoinToken(), device.registration());
    expect(registered.status).toBe(201);
    const heard = await send(endpoints.heartbeat.path, registered.body.nodeToken, device.heartbeat());
    expect(heard.status).toBe(200);
  });

  test.for(['chunked', 'with its length'])('a body that is too large, %s, gets its answer', async (framing) => {
    const { url } = await listen();
    const bytes = Buffer.alloc(limits.bodyMaxBytes * 3, 0x20);
    const length =
      framing === 'chunked' ? { 'transfer-encoding': 'chunked' } : { 'content-length': String(bytes.byteLength) };
    const status = await new Promise((resolve, reject) => {
      const outgoing = sendRequest(url + endpoints.register.path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...length },
      });
      outgoing.on('response', (incoming) => {
        incoming.resume();
        resolve(incoming.statusCode);
      });
      outgoing.on('error', reject);
      outgoing.end(bytes);
    });
    expect(status).toBe(413);
  });
});
