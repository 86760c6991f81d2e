import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { endpointUrl } from '@serve.zone/baseos-contracts';
import { openSqliteStore } from '@serve.zone/baseos-cloudly-handlers/sqlite';
import { expect, onTestFinished, test } from 'vitest';
import { bundledCli } from './cli-process.js';
import { createEmulatedNode } from './emulated-node.js';
import { sendHalf } from './half-sent-request.js';
import { startServer } from './start-server.js';
import { temporaryFolder } from '@serve.zone/baseos-testing/files/temporary-folder';

const { serveAt, createJoinToken } = bundledCli();

/** The IDs of the nodes in a fleet whose servers have stopped. */
async function nodesIn(data: string): Promise<Set<string>> {
  const store = openSqliteStore(join(data, 'cloudly.sqlite'));
  const nodes = await store.listNodes({ limit: 10_000 });
  store.close();
  return new Set(nodes.map(({ node }) => node.nodeId));
}

test('a registration in flight at SIGTERM is answered, and its answer is true', async () => {
  const data = temporaryFolder();
  const server = await serveAt(data);
  const { url, joinToken } = await createJoinToken(data);
  const node = createEmulatedNode();
  const request = await sendHalf(endpointUrl(url, 'register'), joinToken, node.registration());

  server.signal('SIGTERM');
  await server.logged(/Stopping/);
  expect(await request.finish()).toMatch(/^HTTP\/1\.1 201 /);
  expect(await server.exited).toEqual({ code: 0, signal: null });
  expect(await nodesIn(data)).toEqual(new Set([node.nodeId]));
});

test('SIGTERM under load: every acknowledged registration is stored, and the others were rejected explicitly', async () => {
  const data = temporaryFolder();
  const server = await serveAt(data);
  const { url, joinToken } = await createJoinToken(data, '--uses', '100000');
  const acknowledged = new Set<string>();
  const registerUntilRefused = async (): Promise<number | undefined> => {
    for (;;) {
      const node = createEmulatedNode();
      const answer = await node.register(url, joinToken).catch(() => undefined);
      if (answer?.status !== 201) return answer?.status;
      acknowledged.add(node.nodeId);
      if (acknowledged.size === 50) server.signal('SIGTERM');
    }
  };
  const last = await Promise.all(Array.from({ length: 8 }, registerUntilRefused));
  expect(await server.exited).toEqual({ code: 0, signal: null });
  expect(acknowledged.size).toBeGreaterThanOrEqual(50);
  for (const status of last) expect([503, undefined]).toContain(status);
  const kept = await nodesIn(data);
  expect([...acknowledged].filter((nodeId) => !kept.has(nodeId))).toEqual([]);
});

test('a second signal, of either kind, ends what the first one waits for', async () => {
  const data = temporaryFolder();
  const server = await serveAt(data);
  const { url, joinToken } = await createJoinToken(data);
  await sendHalf(endpointUrl(url, 'register'), joinToken, createEmulatedNode().registration());
  server.signal('SIGINT');
  await server.logged(/Stopping/);
  server.signal('SIGTERM');
  expect(await server.exited).toEqual({ code: null, signal: 'SIGTERM' });
});

test('a draining server tells clients to retry, and balancers that it is not ready', async () => {
  const { url, close } = await startServer();
  const { hostname, port } = new URL(url);
  // Connections on which a request has begun are not idle.
  const begin = async (head: string) => {
    const socket = connect(Number(port), hostname);
    onTestFinished(() => {
      socket.destroy();
    });
    await once(socket, 'connect');
    await new Promise((resolve) => socket.write(head, resolve));
    return socket;
  };
  const registering = await begin('POST /baseos/v1/nodes/register HTTP/1.1\r\nHost: test\r\nContent-Length: 2\r\n');
  const asking = await begin('GET /readyz HTTP/1.1\r\nHost: test\r\n');
  // The answer to a later request shows that the server has seen the earlier ones.
  await (await fetch(`${url}/healthz`)).text();

  const closed = close();
  registering.write('\r\n{}');
  asking.write('\r\n');
  const [registered, ready] = await Promise.all([text(registering), text(asking)]);
  expect(registered).toMatch(/^HTTP\/1\.1 503 [^]*retry-after: 5\r\n[^]*"code":"unavailable"/i);
  expect(ready).toMatch(/^HTTP\/1\.1 503 [^]*retry-after: 5\r\n[^]*\{"status":"not-ready","reason":"draining"\}/i);
  await closed;
});
