import { once } from 'node:events';
import { Agent, createServer, get } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import type { Socket } from 'node:net';

import * as fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';

import { createSupervisor } from '../index.js';
import type { ListeningSupervisor, Supervisor, SupervisorOptions } from '../index.js';

const apiKey = 'a'.repeat(32);
const open: ListeningSupervisor[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((listening) => listening.close()));
});

async function start(options: SupervisorOptions = {}): Promise<{ supervisor: Supervisor; address: string }> {
  const supervisor = createSupervisor({ apiKey, ...options });
  const listening = await supervisor.listen();
  open.push(listening);
  return { supervisor, address: listening.address };
}

function post(url: string): Promise<Response> {
  return fetch(`${url}?apikey=${apiKey}`, { method: 'POST' });
}

const refused = { cause: { code: 'ECONNREFUSED' } };

/** Sends these bytes and collects the reply until the other side ends the connection. */
async function sendRaw(address: string, bytes: string): Promise<string> {
  const { hostname, port } = new URL(address);
  const socket = connect(Number(port), hostname).setEncoding('latin1');
  let received = '';
  socket.on('data', (chunk: string) => (received += chunk));
  socket.on('error', () => undefined);
  socket.end(bytes, 'latin1');
  await once(socket, 'close');
  return received;
}

/** Sends the head of a reboot request and half of its body. The emulator has then begun to read it. */
async function sendHalfAReboot(supervisor: Supervisor, address: string): Promise<Socket> {
  const { hostname, port } = new URL(address);
  const socket = connect(Number(port), hostname).on('error', () => undefined);
  const head = `POST /v1/reboot?apikey=${apiKey} HTTP/1.1\r\nHost: s\r\nContent-Type: application/json\r\n`;
  socket.write(`${head}Content-Length: 14\r\n\r\n{"force"`);
  await expect.poll(() => supervisor.requests.length).toBe(1);
  return socket;
}

test('answers on an ephemeral loopback port, and keeps the connection for 5 s', async () => {
  const { address } = await start();
  expect(address).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  const response = await fetch(`${address}/ping`);
  expect(await response.text()).toBe('OK');
  expect(response.headers.get('keep-alive')).toBe('timeout=5');
  expect(response.headers.get('x-powered-by')).toBeNull();
});

test('reads a body that arrives in chunks', async () => {
  const { supervisor, address } = await start();
  supervisor.lock();
  const head = 'POST /v1/reboot HTTP/1.1\r\nHost: s\r\nConnection: close\r\nContent-Type: application/json\r\n';
  const key = `Authorization: Bearer ${apiKey}\r\nTransfer-Encoding: chunked\r\n\r\n`;
  expect(await sendRaw(address, `${head}${key}5\r\n{"for\r\n9\r\nce":true}\r\n0\r\n\r\n`)).toMatch(/^HTTP\/1\.1 202 /);
});

test('accepts a whole URL as the request target, and shows other paths as sent', async () => {
  const { address } = await start();
  const ask = (target: string): Promise<string> =>
    sendRaw(
      address,
      `GET ${target} HTTP/1.1\r\nHost: s\r\nConnection: close\r\nAuthorization: Bearer ${apiKey}\r\n\r\n`,
    );
  expect(await ask(`${address}/ping?x`)).toMatch(/^HTTP\/1\.1 200 [\s\S]*OK$/);
  expect(await ask('/a/../v1/device')).toContain('<pre>Cannot GET /a/../v1/device</pre>');
  expect(await ask('/%zz"<')).toContain('<pre>Cannot GET /%25zz%22%3C</pre>');
});

test('close ends idle and hanging connections and frees the port', async () => {
  const { supervisor, address } = await start();
  await (await fetch(`${address}/ping`)).text();
  supervisor.setFault('hang');
  const hanging = fetch(`${address}/ping`);
  await expect.poll(() => supervisor.requests.length).toBe(2);
  const closed = Promise.all(open.splice(0).map((listening) => listening.close()));
  await expect(hanging).rejects.toThrow('fetch failed');
  await closed;
  await expect(fetch(`${address}/ping`)).rejects.toMatchObject(refused);
});

test('a port in use throws at once', async () => {
  const { supervisor, address } = await start();
  const port = Number(new URL(address).port);
  await expect(supervisor.listen({ port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  await expect(supervisor.listen({ port: 1.5 })).rejects.toThrow(TypeError);
});

test('a reboot answers, refuses connections, drops the open ones, and returns on the same port', async () => {
  const { supervisor, address } = await start({ clock: { now: () => 0 } });
  const bootId = supervisor.state.bootId;
  const agent = new Agent({ keepAlive: true });
  const [kept] = (await once(get(`${address}/ping`, { agent }), 'response')) as [IncomingMessage];
  const dropped = once(kept.resume().socket, 'close');

  const accepted = await post(`${address}/v1/reboot`);
  expect(accepted.status).toBe(202);
  await expect(fetch(`${address}/ping`)).rejects.toMatchObject(refused);
  expect(await accepted.text()).toBe('{"Data":"OK","Error":null}');
  await dropped;
  agent.destroy();

  await supervisor.finishReboot();
  expect(await (await fetch(`${address}/ping`)).text()).toBe('OK');
  expect(supervisor.state.bootId).not.toBe(bootId);
});

test('a reboot ends by itself when the clock has slept for its duration', async () => {
  const wakes: (() => void)[] = [];
  const slept: number[] = [];
  const sleep = (ms: number): Promise<void> => {
    slept.push(ms);
    return new Promise((resolve) => wakes.push(resolve));
  };
  const { supervisor, address } = await start({ clock: { now: () => 0, sleep }, rebootDurationMs: 7000 });
  await post(`${address}/v1/reboot`);
  expect(slept).toEqual([7000]);
  const up = supervisor.whenUp();
  wakes.forEach((wake) => wake());
  await up;
  expect((await fetch(`${address}/ping`)).status).toBe(200);
});

test('a reboot finished by hand is not finished again when the clock wakes late', async () => {
  const wakes: (() => void)[] = [];
  const sleep = (): Promise<void> => new Promise((resolve) => wakes.push(resolve));
  const { supervisor, address } = await start({ clock: { now: () => 0, sleep } });
  await post(`${address}/v1/reboot`);
  const finished = supervisor.finishReboot();
  const { bootId } = supervisor.state;
  wakes.forEach((wake) => wake());
  await finished;
  expect(supervisor.state.bootId).toBe(bootId);
});

test("a reboot ends by itself on the system's clock", async () => {
  const { supervisor, address } = await start({ rebootDurationMs: 20 });
  await post(`${address}/v1/reboot`);
  await supervisor.whenUp();
  expect((await fetch(`${address}/ping`)).status).toBe(200);
});

test('a reboot by fetch takes the sockets down too, and closing meanwhile keeps them down', async () => {
  const { supervisor, address } = await start();
  await supervisor.fetch(new Request(`http://s/v1/reboot?apikey=${apiKey}`, { method: 'POST' }));
  await expect(fetch(`${address}/ping`)).rejects.toMatchObject(refused);
  await Promise.all(open.splice(0).map((listening) => listening.close()));
  await supervisor.finishReboot();
  await expect(fetch(`${address}/ping`)).rejects.toMatchObject(refused);
});

test('a reboot waits for a port that somebody else took meanwhile', async () => {
  const { supervisor, address } = await start();
  await post(`${address}/v1/reboot`);
  const squatter = createServer((_request, response) => response.end('mine'));
  await once(squatter.listen(Number(new URL(address).port), '127.0.0.1'), 'listening');
  const up = supervisor.finishReboot();
  expect(await (await fetch(address)).text()).toBe('mine');
  squatter.close();
  squatter.closeAllConnections();
  await up;
  expect(await (await fetch(`${address}/ping`)).text()).toBe('OK');
});

test('a client that leaves in the middle of its body affects nobody else', async () => {
  const { supervisor, address } = await start();
  const socket = await sendHalfAReboot(supervisor, address);
  const done = once(socket, 'close');
  socket.resetAndDestroy();
  await done;
  expect((await fetch(`${address}/ping`)).status).toBe(200);
  expect(supervisor.state.rebooting).toBe(false);
});

test('a reboot drops a request whose body is still arriving', async () => {
  const { supervisor, address } = await start();
  const done = once(await sendHalfAReboot(supervisor, address), 'close');
  await supervisor.fetch(new Request(`http://s/v1/reboot?apikey=${apiKey}`, { method: 'POST' }));
  await done;
  await supervisor.finishReboot();
  expect((await fetch(`${address}/ping`)).status).toBe(200);
});

test('whatever the request line contains, a socket gets an answer of a known kind', async () => {
  const { address } = await start();
  const target = fc.array(fc.integer({ min: 0x21, max: 0xff }));
  const method = fc.constantFrom('GET', 'HEAD', 'POST', 'OPTIONS', 'TRACE', 'PROPFIND', 'M-SEARCH', 'NONSENSE');
  await fc.assert(
    fc.asyncProperty(method, target, async (verb, codes) => {
      const line = `${verb} /${String.fromCharCode(...codes)}?apikey=${apiKey} HTTP/1.1`;
      const answered = await sendRaw(address, `${line}\r\nHost: s\r\nConnection: close\r\n\r\n`);
      expect(answered).toMatch(/^HTTP\/1\.1 (?:400|401|404) /);
      expect(answered).not.toContain(apiKey);
    }),
    { numRuns: 60 },
  );
  expect((await fetch(`${address}/ping`)).status).toBe(200);
});
