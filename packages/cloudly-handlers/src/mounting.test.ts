import { createServer, request as sendRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { endpoints, limits } from '@serve.zone/baseos-contracts';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createCloudly } from './fixtures/cloudly.js';
import { createDevice } from './fixtures/device.js';
import { createMemoryStore } from './memory-store.js';

/** As the README has it. */
const mount =
  (fetch: (request: Request) => Promise<Response>) =>
  async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const { method = 'GET', url = '/', headers } = incoming;
    const response = await fetch(
      new Request(new URL(url, 'http://localhost'), {
        method,
        headers: Object.entries(headers).map(([name, value]) => [name, String(value)]),
        body: method === 'POST' ? Readable.toWeb(incoming) : null,
        duplex: 'half',
      }),
    );
    outgoing.writeHead(response.status, Object.fromEntries(response.headers));
    outgoing.end(await response.text());
  };

describe('behind node:http', () => {
  const listen = async () => {
    const cloudly = createCloudly(createMemoryStore());
    const handle = mount(cloudly.fetch);
    const server = createServer((incoming, outgoing) => void handle(incoming, outgoing));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    return { cloudly, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
  };

  test('a device registers', async () => {
    const { cloudly, url } = await listen();
    const response = await fetch(url + endpoints.register.path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${await cloudly.createJoinToken()}` },
      body: JSON.stringify((await createDevice()).registration()),
    });
    expect([response.status, await response.json()]).toEqual([201, expect.objectContaining({ accepted: true })]);
  });

  test.for(['chunked', 'with its length'])('a body that is too large, %s, gets its answer', async (framing) => {
    const { url } = await listen();
    const bytes = Buffer.alloc(limits.bodyMaxBytes * 8, 0x20);
    const status = await new Promise((resolve, reject) => {
      const outgoing = sendRequest(url + endpoints.register.path, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(framing === 'chunked' ? { 'transfer-encoding': 'chunked' } : { 'content-length': bytes.byteLength }),
        },
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
