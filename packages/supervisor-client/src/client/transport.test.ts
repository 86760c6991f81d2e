import { once } from 'node:events';
import type { IncomingMessage, RequestListener } from 'node:http';
import { inspect } from 'node:util';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { deviceAnswer } from '../../test/answer.js';
import { serverFaults, type ServerFault } from '../../test/faults.js';
import { nodeHttpFetch } from '@serve.zone/baseos-testing/network/node-http-fetch';
import { refusingAddress, serve, type Served } from '../../test/serve.js';
import type { FetchLike } from '../transport/fetch-like.js';
import { SupervisorClient } from './supervisor-client.js';

const apiKey = 'k3yk3yk3yk3yk3yk3yk3yk3yk3yk3y42';

const transports: [string, FetchLike | undefined][] = [
  ['ky, the default', undefined],
  ['globalThis.fetch', globalThis.fetch],
  ['a transport on node:http', nodeHttpFetch],
];

describe.each(transports)('over real sockets, with %s', (_name, fetch) => {
  test('calls succeed', async () => {
    const seen: string[] = [];
    await using served = await serve((request, response) => {
      let body = '';
      request.on('data', (chunk) => (body += String(chunk)));
      request.on('end', () => {
        seen.push(`${request.method} ${request.url} ${request.headers.authorization} ${body}`.trim());
        supervisor(request, response);
      });
    });
    const client = new SupervisorClient({ address: served.address, apiKey, fetch });

    await client.ping();
    expect((await client.device()).supervisorVersion).toBe('17.8.1');
    expect(await client.version()).toBe('19.0.5');
    expect(await client.stateStatus()).toEqual({ appState: 'applied', containers: [], images: [] });
    expect(await client.update({ force: true })).toEqual({ outcome: 'triggered' });
    await client.reboot();

    const key = `ApiKey ${apiKey}`;
    expect(seen).toEqual([
      `GET /ping ${key}`,
      `GET /v1/device ${key}`,
      `GET /v2/version ${key}`,
      `GET /v2/state/status ${key}`,
      `POST /v1/update ${key} {"force":true,"cancel":true}`,
      `POST /v1/reboot ${key} {"force":false}`,
    ]);
  });

  test("no request looks like the Supervisor's own", async () => {
    const agents: (string | undefined)[] = [];
    await using served = await serve((request, response) => {
      agents.push(request.headers['user-agent']);
      supervisor(request, response);
    });
    await new SupervisorClient({ address: served.address, fetch }).ping();
    expect(agents).toHaveLength(1);
    expect(agents[0] ?? '').not.toMatch(/^Supervisor\//i);
  });

  test('a redirect is not followed', async () => {
    await using target = await serve((_request, response) => response.end('OK'));
    let requests = 0;
    target.server.on('request', () => requests++);
    await using served = await serve((_request, response) => {
      response.writeHead(307, { Location: `${target.address}/ping` });
      response.end();
    });
    await expect(new SupervisorClient({ address: served.address, apiKey, fetch }).ping()).rejects.toMatchObject({
      code: 'unexpected-response',
      status: 307,
    });
    expect(requests).toBe(0);
  });

  test('an answer is read whatever its chunks are', async () => {
    const bytes = Buffer.from(JSON.stringify({ ...deviceAnswer, os_version: 'bälenaOS 🐳' }));
    await using served = await serve((_request, response) => {
      const writeFrom = (offset: number) => {
        if (offset === bytes.length) response.end();
        else response.write(bytes.subarray(offset, offset + 1), () => writeFrom(offset + 1));
      };
      writeFrom(0);
    });
    const client = new SupervisorClient({ address: served.address, apiKey, fetch });
    expect((await client.device()).osVersion).toBe('bälenaOS 🐳');
  });

  test('an abort ends the call with its reason, and the connection with it', async () => {
    await using served = await serve(() => {});
    const controller = new AbortController();
    const client = new SupervisorClient({ address: served.address, apiKey, fetch });
    const call = client.reboot({ signal: controller.signal });
    const { socket } = await requestOf(served);
    const closed = once(socket, 'close');
    const reason = new Error('the agent stops');
    controller.abort(reason);
    await expect(call).rejects.toBe(reason);
    await closed;
  });

  test('a call that timed out closes its connection', async () => {
    await using served = await serve(() => {});
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const call = new SupervisorClient({ address: served.address, apiKey, fetch }).ping();
    const { socket } = await requestOf(served);
    const closed = once(socket, 'close');
    vi.advanceTimersByTime(15_000);
    await expect(call).rejects.toMatchObject({ code: 'timeout', retryable: true });
    await closed;
  });

  test('a refused connection is unreachable, and safe to retry even for a write', async () => {
    const client = new SupervisorClient({ address: await refusingAddress(), apiKey, fetch, retry: false });
    await expect(client.reboot()).rejects.toMatchObject({ code: 'unreachable', retryable: true });
  });

  test('a write whose connection is reset is not retryable', async () => {
    await using served = await serve((request) => request.socket.resetAndDestroy());
    const client = new SupervisorClient({ address: served.address, apiKey, fetch });
    await expect(client.reboot()).rejects.toMatchObject({ code: 'unreachable', retryable: false });
  });

  describe.each(['header', 'query'] as const)('with the key in the %s, a server that', (apiKeyIn) => {
    test.each(Object.entries<ServerFault>(serverFaults))(
      '%s has its own code, and the error does not show the key',
      async (_fault, { answer, code }) => {
        await using served = await serve(answer);
        const client = new SupervisorClient({
          address: served.address,
          apiKey,
          apiKeyIn,
          fetch,
          timeoutMs: code === 'timeout' ? 100 : 10_000,
          retry: false,
        });
        const error: unknown = await client.device().then(
          () => expect.unreachable('the call must fail'),
          (reason: unknown) => reason,
        );
        expect(error).toMatchObject({ name: 'SupervisorError', code, endpoint: 'GET /v1/device' });
        expect(everyFormOf(error)).not.toContain(apiKey);
        expect(everyFormOf(error)).not.toContain('apikey=');
        expect(everyFormOf(client)).not.toContain(apiKey);
      },
    );
  });
});

test.each(transports.slice(0, 2))(
  'with %s, a forbidden port is reported as an invalid address',
  async (_name, fetch) => {
    const client = new SupervisorClient({ address: 'http://127.0.0.1:9', apiKey, fetch });
    const error = await client.ping().catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'not-configured', retryable: false });
    expect(String(error)).toContain('Use another port');
    expect(String(error)).not.toContain('tried');
  },
);

test('a client does not show its key, however it was passed', () => {
  for (const key of [apiKey, () => apiKey]) {
    const client = new SupervisorClient({ address: 'http://127.0.0.1:48484', apiKey: key });
    expect(everyFormOf(client)).not.toContain(apiKey);
  }
});

const supervisor: RequestListener = (request, response) => {
  const answers: Record<string, [status: number, body: string]> = {
    '/ping': [200, 'OK'],
    '/v1/device': [200, JSON.stringify(deviceAnswer)],
    '/v2/version': [200, '{"status":"success","version":"19.0.5"}'],
    '/v2/state/status': [200, '{"status":"success","appState":"applied","containers":[],"images":[]}'],
    '/v1/update': [204, ''],
    '/v1/reboot': [202, '{"Data":"OK","Error":null}'],
  };
  const [status, body] = answers[request.url ?? ''] ?? [404, 'no'];
  response.writeHead(status, { 'Content-Type': 'text/html; charset=utf-8' });
  response.end(body);
};

async function requestOf({ server }: Served): Promise<IncomingMessage> {
  const [request] = (await once(server, 'request')) as [IncomingMessage];
  return request;
}

/** All the ways in which a value gets into a log. */
function everyFormOf(value: unknown): string {
  const shown = inspect(value, { depth: Infinity, showHidden: true, getters: true });
  const parts = value instanceof Error ? [value.message, value.stack, String(value.cause)] : [];
  return [shown, JSON.stringify(value), String(value), ...parts].join('\n');
}
