import { once } from 'node:events';
import { type ClientHttp2Session, connect, constants, createServer, type IncomingHttpHeaders } from 'node:http2';
import type { AddressInfo, Server } from 'node:net';
import { buffer, text } from 'node:stream/consumers';
import { endpoints, limits, parseProblem, parseRegisterAnswer, wakeEndpoint } from '@serve.zone/baseos-contracts';
import fastify from 'fastify';
import { describe, expect, onTestFinished, test } from 'vitest';
import { enrol } from '../../test/fixtures/enrol.js';
import { createCloudly, type TestCloudly } from '../../test/fixtures/cloudly.js';
import { createEmulatedNode } from '@serve.zone/baseos-testing/nodes/emulated-node';
import { createMemoryStore } from '../stores/memory/memory-store.js';
import { clientAddress } from './client-address.js';
import { fastifyPlugin } from './fastify-plugin.js';
import { nodeListener } from './node-listener.js';

const servers: readonly { name: string; listen: (cloudly: TestCloudly) => Promise<Server> }[] = [
  {
    name: 'node:http2',
    listen: async (cloudly) => {
      const server = createServer(nodeListener(cloudly.fetch));
      await once(server.listen(0, '127.0.0.1'), 'listening');
      onTestFinished(() => void server.close());
      return server;
    },
  },
  {
    name: 'Fastify with http2',
    listen: async (cloudly) => {
      const app = fastify({ http2: true });
      await app.register(fastifyPlugin(cloudly.fetch));
      await app.listen({ port: 0, host: '127.0.0.1' });
      onTestFinished(() => app.close());
      return app.server;
    },
  },
];

async function send(
  session: ClientHttp2Session,
  bearer: string,
  { method = 'POST', path = endpoints.register.path, body }: { method?: string; path?: string; body?: string },
) {
  const headers = {
    ':method': method,
    ':path': path,
    'content-type': 'application/json',
    authorization: `Bearer ${bearer}`,
  };
  const stream = session.request(headers, { endStream: body === undefined });
  if (body !== undefined) stream.end(body);
  const [head] = (await once(stream, 'response')) as [IncomingHttpHeaders & { ':status': number }];
  return { status: head[':status'], allow: head['allow'], text: await text(stream) };
}

describe.for(servers)('by HTTP/2, behind $name', ({ listen }) => {
  const open = async () => {
    const addresses: unknown[] = [];
    const cloudly = createCloudly(createMemoryStore(), {
      wakeWaitMs: 50_000,
      clientAddress: (request, info) => {
        const address = clientAddress(request, info);
        addresses.push(address);
        return address;
      },
    });
    const { port } = (await listen(cloudly)).address() as AddressInfo;
    const session = connect(`http://127.0.0.1:${port}`);
    onTestFinished(() => session.destroy());
    return { cloudly, session, addresses, joinToken: await cloudly.createJoinToken() };
  };

  test('a device registers and sends a heartbeat, and its address is known', async () => {
    const { session, addresses, joinToken } = await open();
    const device = createEmulatedNode();
    const registered = await send(session, joinToken, { body: JSON.stringify(device.registration()) });
    expect(registered.status).toBe(201);
    const answer = parseRegisterAnswer(registered.text);
    const nodeToken = answer.ok && answer.value.accepted ? answer.value.nodeToken : '';
    const heartbeat = { path: endpoints.heartbeat.path, body: JSON.stringify(device.heartbeat()) };
    expect((await send(session, nodeToken, heartbeat)).status).toBe(200);
    expect(addresses).toEqual(['127.0.0.1', '127.0.0.1']);
  });

  test.for(['GET', 'HEAD', 'OPTIONS'])('%s gets the answer of the contract', async (method) => {
    const { session, joinToken } = await open();
    const answer = await send(session, joinToken, { method });
    expect([answer.status, answer.allow]).toEqual([405, 'POST']);
    const problem = parseProblem(answer.text);
    expect(problem.ok ? problem.value.code : answer.text).toBe(method === 'HEAD' ? '' : 'method-not-allowed');
  });

  test.for<[string, (session: ClientHttp2Session, close: (code: number) => void) => void]>([
    ['its stream', (_session, close) => close(constants.NGHTTP2_CANCEL)],
    ['its connection', (session) => session.destroy()],
  ])('a node that ends %s while it waits frees its place', async ([_what, leave]) => {
    const { cloudly, session } = await open();
    const { countWaiting } = cloudly.handlers;
    const authorization = `Bearer ${await enrol(cloudly, createEmulatedNode())}`;
    const stream = session.request({ ':path': wakeEndpoint.path, authorization });
    stream.on('error', () => undefined);
    await expect.poll(countWaiting).toBe(1);
    leave(session, (code) => stream.close(code));
    await expect.poll(countWaiting).toBe(0);
    expect(cloudly.errors).toEqual([]);
  });

  test('a body that is too large gets its answer, and the connection stays usable', async () => {
    const { session, joinToken } = await open();
    const large = await send(session, joinToken, { body: ' '.repeat(limits.bodyMaxBytes + 1) });
    expect(large.status).toBe(413);
    const device = createEmulatedNode();
    const next = await send(session, joinToken, { body: JSON.stringify(device.registration()) });
    expect(next.status).toBe(201);
  });
});

test('a body that middleware has read is reported over HTTP/2 too', async () => {
  const cloudly = createCloudly(createMemoryStore());
  const listener = nodeListener(cloudly.fetch);
  const server = createServer((request, response) => void buffer(request).then(() => listener(request, response)));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => void server.close());
  const session = connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  onTestFinished(() => session.destroy());
  expect((await send(session, await cloudly.createJoinToken(), { body: '{}' })).status).toBe(503);
  expect(cloudly.errors.map(String)).toEqual([expect.stringContaining('Call nodeListener(handlers.fetch) before it;')]);
});
