import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { createConversation } from './conversation.js';
import { Mismatch } from './mismatch.js';

async function converse(listener: RequestListener) {
  const server = createServer(listener).listen(0, '127.0.0.1');
  onTestFinished(() => {
    server.close();
  });
  await once(server, 'listening');
  const waits: number[] = [];
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/base`;
  const wait = async (durationMs: number): Promise<void> => void waits.push(durationMs);
  return { ...createConversation({ url, timeoutMs: 5000, wait }), waits };
}

test('a request goes to the endpoint below the base URL, as a node sends it', async () => {
  const { send } = await converse(({ method, url, headers }, response) => {
    const { authorization, accept, 'accept-encoding': encoding, 'content-type': type } = headers;
    response.end(JSON.stringify([method, url, authorization, accept, encoding, type]));
  });
  const { text } = await send({ endpoint: 'register', credential: 'secret', body: '{}' });
  expect(JSON.parse(text ?? '')).toEqual([
    'POST',
    '/base/baseos/v1/nodes/register',
    'Bearer secret',
    'application/json',
    'identity',
    'application/json',
  ]);
});

test.each([429, 503])('%i with Retry-After is waited out, and the request repeated', async (status) => {
  let count = 0;
  const { send, waits, exchanges } = await converse((_request, response) => {
    count += 1;
    response.writeHead(count < 3 ? status : 200, { 'retry-after': '7' }).end('{}');
  });
  expect((await send({ endpoint: 'heartbeat', body: '{}' })).status).toBe(200);
  expect(waits).toEqual([7000, 7000]);
  expect(exchanges.map(({ answer }) => answer.status)).toEqual([status, status, 200]);
});

test.each([
  ['that does not say how long', {}],
  ['that asks for an hour', { 'retry-after': '3600' }],
  ['that asks for a date', { 'retry-after': 'Fri, 27 Nov 2026 12:00:00 GMT' }],
])('a Cloudly %s is not waited for', async (_what, headers) => {
  const { send, waits } = await converse((_request, response) => response.writeHead(503, headers).end('{}'));
  expect((await send({ endpoint: 'heartbeat', body: '{}' })).status).toBe(503);
  expect(waits).toEqual([]);
});

test('a Cloudly that stays busy is abandoned', async () => {
  const { send, waits } = await converse((_request, response) => response.writeHead(429, { 'retry-after': '1' }).end());
  expect((await send({ endpoint: 'heartbeat', body: '{}' })).status).toBe(429);
  expect(waits).toHaveLength(4);
});

test('a missing answer is a mismatch', async () => {
  const { send } = await converse((request) => request.socket.destroy());
  await expect(send({ endpoint: 'heartbeat', body: '{}' })).rejects.toThrow(Mismatch);
});
