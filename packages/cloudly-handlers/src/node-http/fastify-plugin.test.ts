import { endpoints, limits, parseProblem } from '@serve.zone/baseos-contracts';
import fastify, { type FastifyInstance } from 'fastify';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createCloudly, type TestCloudly } from '../../test/fixtures/cloudly.js';
import { createEmulatedNode } from '@serve.zone/baseos-testing/nodes/emulated-node';
import { createLatch } from '../../test/fixtures/latch.js';
import { openConnection, postHead } from '../../test/fixtures/raw-connection.js';
import { createMemoryStore } from '../stores/memory/memory-store.js';
import { clientAddress } from './client-address.js';
import { fastifyPlugin, type FastifyRouter } from './fastify-plugin.js';

const prefix = '/cloudly';
const registerPath = prefix + endpoints.register.path;
const heartbeatPath = prefix + endpoints.heartbeat.path;
const json = { 'content-type': 'application/json' };

function codeIn(text: string): unknown {
  const problem = parseProblem(text);
  return problem.ok ? problem.value.code : text;
}

async function mount(cloudly: TestCloudly, app: FastifyInstance = fastify()): Promise<FastifyInstance> {
  await app.register(fastifyPlugin(cloudly.fetch), { prefix });
  onTestFinished(() => app.close());
  return app;
}

async function listen(app: FastifyInstance): Promise<number> {
  await app.listen({ port: 0, host: '127.0.0.1' });
  onTestFinished(() => app.server.closeAllConnections());
  return (app.server.address() as AddressInfo).port;
}

describe('the two endpoints in Fastify', () => {
  test.for(['GET', 'HEAD', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'])(
    'answer %s according to the contract',
    async (method) => {
      const port = await listen(await mount(createCloudly(createMemoryStore())));
      const response = await fetch(`http://127.0.0.1:${port}${registerPath}`, { method });
      expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST']);
      expect(codeIn(await response.text())).toBe(method === 'HEAD' ? '' : 'method-not-allowed');
    },
  );

  test.for([
    ['no media type at all', 'nonsense'],
    ['one that the application has a parser for', 'text/plain'],
    ['one that it has no parser for', 'application/cbor'],
    ['another charset', 'application/json; charset=utf-7'],
  ])('answer a Content-Type that is %s according to the contract', async ([, contentType]) => {
    const port = await listen(await mount(createCloudly(createMemoryStore())));
    const response = await fetch(`http://127.0.0.1:${port}${registerPath}`, {
      method: 'POST',
      headers: { 'content-type': contentType },
      body: '{}',
    });
    expect([response.status, codeIn(await response.text())]).toEqual([415, 'unsupported-media-type']);
  });

  test('accept a message as large as the contract allows, whatever the application’s bodyLimit', async () => {
    const cloudly = createCloudly(createMemoryStore());
    const port = await listen(await mount(cloudly, fastify({ bodyLimit: 1000 })));
    const response = await fetch(`http://127.0.0.1:${port}${registerPath}`, {
      method: 'POST',
      headers: { ...json, authorization: `Bearer ${await cloudly.createJoinToken()}` },
      body: JSON.stringify(createEmulatedNode().registration()).padEnd(limits.bodyMaxBytes),
    });
    expect(response.status).toBe(201);
  });

  test('keep the connection usable for the next request, even after unread bodies', async () => {
    const port = await listen(await mount(createCloudly(createMemoryStore())));
    const { socket, answers } = await openConnection(port);
    const body = ' '.repeat(limits.bodyMaxBytes);
    for (let count = 1; count <= 3; count += 1) {
      socket.write(postHead(heartbeatPath, `Content-Length: ${body.length}`) + body);
      expect((await answers(count)).at(-1)).toBe('401');
    }
  });

  test('answer a body that arrives too slowly', async () => {
    const cloudly = createCloudly(createMemoryStore(), { bodyTimeoutMs: 1 });
    const port = await listen(await mount(cloudly));
    const { socket, answers } = await openConnection(port);
    socket.write(`${postHead(registerPath, 'Content-Length: 9')}{`);
    expect(await answers(1)).toEqual(['400']);
    expect(cloudly.events).toEqual([expect.objectContaining({ kind: 'request-refused', code: 'malformed-request' })]);
  });

  test('survive a client that hangs up midway', async () => {
    const judged = createLatch();
    const cloudly = createCloudly(createMemoryStore(), { onHandled: judged.open });
    const port = await listen(await mount(cloudly));
    const { socket, closed } = await openConnection(port);
    socket.write(`${postHead(registerPath, 'Content-Length: 9')}{`);
    socket.end();
    await Promise.all([closed, judged.opened]);
    expect(cloudly.errors).toEqual([]);
    expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBe(404);
  });

  test.for([
    ['the socket’s', false, '127.0.0.1'],
    ['the one that a trusted proxy names', true, '203.0.113.7'],
  ] as const)('know the client’s address: %s', async ([, trustProxy, expected]) => {
    let address: string | undefined;
    const cloudly = createCloudly(createMemoryStore(), {
      clientAddress: (request, info) => (address = clientAddress(request, info)),
    });
    const port = await listen(await mount(cloudly, fastify({ trustProxy })));
    await fetch(`http://127.0.0.1:${port}${registerPath}`, {
      method: 'POST',
      headers: { 'x-forwarded-for': '203.0.113.7' },
    });
    expect(address).toBe(expected);
  });

  test('are reachable by inject', async () => {
    const cloudly = createCloudly(createMemoryStore(), { clientAddress });
    const app = await mount(cloudly);
    const registered = await app.inject({
      method: 'POST',
      url: registerPath,
      headers: { authorization: `Bearer ${await cloudly.createJoinToken()}` },
      payload: createEmulatedNode().registration(),
    });
    expect([registered.statusCode, cloudly.errors]).toEqual([201, []]);
  });
});

test('reject an older Fastify and say what to do', async () => {
  const older = { route: () => undefined } as Partial<FastifyRouter> as FastifyRouter;
  await expect(fastifyPlugin(createCloudly(createMemoryStore()).fetch)(older)).rejects.toThrow(
    /^fastifyPlugin needs Fastify 5\. In an older one, .*nodeListener\(handlers\.fetch\)\(request\.raw, reply\.raw\)/,
  );
});

describe('the surrounding application', () => {
  test('keeps its own routes, parsers and answers', async () => {
    const app = await mount(createCloudly(createMemoryStore()));
    app.post('/echo', (request, reply) => void reply.send(request.body));
    const port = await listen(app);
    const post = async (path: string, body: string) => {
      const response = await fetch(`http://127.0.0.1:${port}${path}`, { method: 'POST', headers: json, body });
      return [response.status, codeIn(await response.text())];
    };
    expect(await post('/echo', '{"a":1}')).toEqual([200, '{"a":1}']);
    expect(await post('/echo', '{"a":')).toEqual([400, expect.stringContaining('FST_ERR_CTP_INVALID_JSON_BODY')]);
    for (const path of ['/nowhere', `${prefix}/baseos/v1/nodes`, endpoints.register.path]) {
      expect(await post(path, '{}')).toEqual([404, expect.stringContaining('Not Found')]);
    }
  });

  test('may reject a request in onRequest, and learns the result of the others in onResponse', async () => {
    const heard = createLatch();
    const statuses: number[] = [];
    const app = fastify();
    app.addHook('onRequest', async (request, reply) => {
      if (request.headers['x-turn-away'] !== undefined) await reply.code(403).send();
    });
    app.addHook('onResponse', async (_request, { statusCode }) => {
      statuses.push(statusCode);
      if (statuses.length === 2) heard.open();
    });
    const port = await listen(await mount(createCloudly(createMemoryStore()), app));
    for (const headers of [{ 'x-turn-away': '1' }, {}]) {
      await fetch(`http://127.0.0.1:${port}${heartbeatPath}`, { method: 'POST', headers });
    }
    await heard.opened;
    expect(statuses).toEqual([403, 401]);
  });

  test('is told when one of its hooks has read the body', async () => {
    const cloudly = createCloudly(createMemoryStore());
    const app = fastify();
    app.addHook('onRequest', async ({ raw }) => void (await raw.toArray()));
    const port = await listen(await mount(cloudly, app));
    const response = await fetch(`http://127.0.0.1:${port}${registerPath}`, {
      method: 'POST',
      headers: json,
      body: '{}',
    });
    expect([response.status, codeIn(await response.text())]).toEqual([503, 'unavailable']);
    expect(cloudly.errors.map(String)).toEqual([expect.stringContaining('A hook onRequest of the application')]);
  });
});
