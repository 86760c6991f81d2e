import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CloudlyConnector } from '@serve.zone/baseos-cloudly-connector';
import { wakeEndpoint } from '@serve.zone/baseos-contracts';
import { expect, onTestFinished, test } from 'vitest';
import { createNodeHttpFetch } from './node-http-fetch.js';

const entries = { protocol: 1, cloudlyId: 'cloudly', serverTime: '2026-11-23T16:00:00Z' };

test('a request that waits to be woken holds up no other request on the same transport', async () => {
  let wake: (() => void) | undefined;
  let asked = 0;
  const server = createServer((request, response) => {
    const answer = (body: object): void =>
      void response.setHeader('content-type', 'application/json').end(JSON.stringify(body));
    if (request.url === wakeEndpoint.path) {
      wake = () => answer({ ...entries, wake: true });
      return;
    }
    asked += 1;
    response.statusCode = 405;
    answer({ ...entries, type: 'about:blank', title: 'x', status: 405, code: 'method-not-allowed' });
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const transport = createNodeHttpFetch();
  onTestFinished(() => {
    transport.close();
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const cloudly = new CloudlyConnector({ cloudlyUrl: `http://127.0.0.1:${port}`, fetch: transport.fetch });

  const waiting = cloudly.wake({ nodeToken: 'token', waitMs: 50_000 });
  await expect.poll(() => wake).toBeDefined();
  for (let count = 0; count < 3; count += 1) expect(await cloudly.presence()).toMatchObject({ kind: 'present' });
  expect(asked).toBe(3);

  const leaving = new AbortController();
  wake?.();
  expect(await waiting).toMatchObject({ kind: 'woken' });
  wake = undefined;
  const abandoned = cloudly.wake({ nodeToken: 'token', waitMs: 50_000, signal: leaving.signal });
  await expect.poll(() => wake).toBeDefined();
  leaving.abort();
  expect(await abandoned).toEqual({ kind: 'aborted' });
  expect(await cloudly.presence()).toMatchObject({ kind: 'present' });
});
