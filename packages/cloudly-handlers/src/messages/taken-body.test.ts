import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { endpoints } from '@serve.zone/baseos-contracts';
import { describe, expect, test } from 'vitest';
import { createCloudly, post } from '../../test/fixtures/cloudly.js';
import { createEmulatedNode } from '@serve.zone/baseos-testing/nodes/emulated-node';
import { createMemoryStore } from '../stores/memory/memory-store.js';
import { readRegisterRequest } from './read-request.js';

const { path } = endpoints.register;

async function readBefore(): Promise<Request> {
  const request = post(path, '{}');
  await request.text();
  return request;
}

/** A request whose body is consumed, and what is reported about it. */
const takenRequests: readonly { name: string; take: () => Promise<Request>; fate: string }[] = [
  { name: 'was read', take: readBefore, fate: 'was read before it reached the handlers' },
  {
    name: 'was read in part',
    take: async () => {
      const request = post(path, '{}');
      const reader = request.body?.getReader();
      await reader?.read();
      reader?.releaseLock();
      return request;
    },
    fate: 'was read before it reached the handlers',
  },
  {
    name: 'is being read',
    take: async () => {
      const request = post(path, '{}');
      request.body?.getReader();
      return request;
    },
    fate: 'had another reader when it reached the handlers',
  },
  {
    name: 'was read through another Request',
    take: async () => {
      const request = post(path, '{}');
      await new Request(request, { headers: request.headers }).text();
      return request;
    },
    fate: 'was read before it reached the handlers',
  },
  {
    name: 'is missing from the Request, though announced',
    take: async () => post(path, null, undefined, { 'content-length': '2' }),
    fate: 'is missing from the Request that the handlers were given',
  },
];

/** What the handlers are given beside the request, and the remedy there. */
const mountings: readonly { name: string; info: unknown; fix: string }[] = [
  { name: 'nothing', info: undefined, fix: 'use request.clone().' },
  { name: 'what Deno gives', info: { remoteAddr: { hostname: '127.0.0.1' } }, fix: 'use request.clone().' },
  {
    name: 'a message of Node',
    info: new IncomingMessage(new Socket()),
    fix: 'Call nodeListener(handlers.fetch) before it;',
  },
  {
    name: 'a message of connect, h3 or Polka',
    info: Object.assign(new IncomingMessage(new Socket()), { originalUrl: path }),
    fix: 'Call nodeListener(handlers.fetch) before it;',
  },
  {
    name: 'a request of Express',
    info: Object.assign(new IncomingMessage(new Socket()), { originalUrl: path, app: {} }),
    fix: 'Mount app.use(expressMiddleware(handlers.fetch)) in front of that middleware.',
  },
  {
    name: 'a request of Fastify',
    info: { raw: new IncomingMessage(new Socket()), originalUrl: path, routeOptions: {} },
    fix: 'let the hook leave the two endpoints alone.',
  },
  { name: 'a context of Hono’s', info: { req: { raw: {} } }, fix: 'read context.req.raw.clone().' },
];

describe('a request whose body was consumed by middleware', () => {
  test.for(takenRequests)('is answered with 503, and the operator is told: it $name', async ({ take, fate }) => {
    const cloudly = createCloudly(createMemoryStore());
    expect((await cloudly.fetch(await take())).status).toBe(503);
    expect(cloudly.errors.map(String)).toEqual([expect.stringContaining(`Error: The body of POST ${path} ${fate}. `)]);
  });

  test.for(mountings)('gets the remedy named if the handlers are given $name', async ({ info, fix }) => {
    const cloudly = createCloudly(createMemoryStore());
    await cloudly.fetch(await readBefore(), info);
    expect(cloudly.errors.map(String)).toEqual([expect.stringContaining(fix)]);
  });

  test.for(takenRequests)('rejects in a custom handler: it $name', async ({ take, fate }) => {
    await expect(readRegisterRequest(await take())).rejects.toThrow(`${fate}. Pass the request to the handlers before`);
  });

  test('does not reveal its query, which may hold secrets', async () => {
    const cloudly = createCloudly(createMemoryStore());
    const request = post(`${path}?key=secret`, '{}');
    await request.text();
    await cloudly.fetch(request);
    await cloudly.handlers.register(Object.defineProperty(request, 'url', { value: '/relative?key=secret' }));
    expect(cloudly.errors).toHaveLength(2);
    expect(String(cloudly.errors)).not.toContain('secret');
  });
});

test('a request that never had a body is judged as such', async () => {
  const cloudly = createCloudly(createMemoryStore());
  expect((await cloudly.fetch(post(path, null, undefined, { 'content-length': '0' }))).status).toBe(400);
  expect(cloudly.errors).toEqual([]);
});

test('a body that arrives as a stream of text counts as its bytes', async () => {
  const cloudly = createCloudly(createMemoryStore());
  const body = JSON.stringify(createEmulatedNode().registration());
  const pieces = ReadableStream.from([body.slice(0, 9), body.slice(9)]) as ReadableStream<never>;
  expect((await cloudly.fetch(post(path, pieces, await cloudly.createJoinToken()))).status).toBe(201);
});
