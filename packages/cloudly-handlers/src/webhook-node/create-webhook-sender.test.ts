import type { LookupAddress } from 'node:dns';
import { createServer as createTlsServer } from 'node:https';
import { readFileSync } from 'node:fs';
import { freePort } from '@serve.zone/baseos-testing/network/free-port';
import { listenOnLoopback } from '@serve.zone/baseos-testing/network/listen-on-loopback';
import { startRawServer } from '@serve.zone/baseos-testing/network/raw-server';
import { temporaryFolder } from '@serve.zone/baseos-testing/files/temporary-folder';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { isSkipped, makeCertificate, unlessInstalled } from '@serve.zone/baseos-testing/network/certificate';
import { startReceiver } from '../../test/fixtures/webhook-receiver.js';
import { createWebhookSender, type WebhookSenderOptions } from './create-webhook-sender.js';

const loopback = { networks: ['127.0.0.0/8'] };
const message = { headers: { 'webhook-id': 'msg_1', 'content-type': 'application/json' }, body: '{"text":"ü"}' };

function send(url: string, options: WebhookSenderOptions = loopback) {
  return createWebhookSender(options).send({ url, ...message });
}

/** A resolver that says that every name is there. */
function at(...addresses: string[]): Pick<WebhookSenderOptions, 'findAddresses'> {
  return { findAddresses: async () => addresses.map(found) };
}

function found(address: string): LookupAddress {
  return { address, family: address.includes(':') ? 6 : 4 };
}

describe('what a receiver gets', () => {
  test('is the body to the byte, with the headers, on a connection of its own', async () => {
    const receiver = await startReceiver();
    const url = `http://127.0.0.1:${receiver.port}/hook?key=1`;
    expect(await send(url)).toEqual({ status: 204 });
    expect(await send(url)).toEqual({ status: 204 });
    const [first] = receiver.received;
    expect(first).toMatchObject({ id: 'msg_1', path: '/hook?key=1', body: message.body });
    expect(first?.headers).toMatchObject({
      host: `127.0.0.1:${receiver.port}`,
      'content-length': '13',
      connection: 'close',
    });
    expect(receiver.connectionCount()).toBe(2);
  });

  test.each([
    [200, {}],
    [202, {}],
    [299, {}],
    [302, { problem: 'redirected' }],
    [304, { problem: 'redirected' }],
    [400, { problem: 'rejected' }],
    [410, { problem: 'rejected' }],
    [500, { problem: 'rejected' }],
  ])('is taken if its answer is 2xx: %i', async (status, told) => {
    const { port } = await startReceiver({ answer: (response) => response.writeHead(status).end() });
    expect(await send(`http://127.0.0.1:${port}/`)).toEqual({ status, ...told });
  });

  test.each([
    ['7', { retryAfterMs: 7000 }],
    ['0', {}],
    ['soon', {}],
    ['Fri, 31 Dec 1999 23:59:59 GMT', {}],
  ])('may ask for a pause: %s', async (retryAfter, told) => {
    const answer = { status: 503, problem: 'rejected', ...told };
    const { port } = await startReceiver({
      answer: (response) => response.writeHead(503, { 'retry-after': retryAfter }).end(),
    });
    expect(await send(`http://127.0.0.1:${port}/`)).toEqual(answer);
  });

  test('never goes through the proxy of the environment', async () => {
    const [proxy, receiver] = [await startReceiver(), await startReceiver()];
    vi.stubEnv('HTTP_PROXY', `http://127.0.0.1:${proxy.port}`);
    vi.stubEnv('http_proxy', `http://127.0.0.1:${proxy.port}`);
    vi.stubEnv('NODE_USE_ENV_PROXY', '1');
    onTestFinished(() => void vi.unstubAllEnvs());
    expect(await send(`http://127.0.0.1:${receiver.port}/`)).toEqual({ status: 204 });
    expect(proxy.connectionCount()).toBe(0);
  });
});

describe('a receiver that is not as it should be', () => {
  test('that does not listen is told as such', async () => {
    expect(await send(`http://127.0.0.1:${await freePort()}/`)).toEqual({ problem: 'refused' });
  });

  test('that never answers ends by the time-out', async () => {
    const { url } = await startRawServer(() => undefined);
    expect(await send(url, { ...loopback, timeoutMs: 50 })).toEqual({ problem: 'timeout' });
  });

  test('that breaks the connection cannot be reached', async () => {
    const { url } = await startRawServer((socket) => socket.resetAndDestroy());
    expect(await send(url)).toEqual({ problem: 'unreachable' });
    const silent = await startRawServer((socket) => socket.end());
    expect(await send(silent.url)).toEqual({ problem: 'unreachable' });
  });

  test('that speaks another protocol gives no answer', async () => {
    const { url } = await startRawServer((socket) => socket.end('220 mail.example ESMTP\r\n'));
    expect(await send(url)).toEqual({ problem: 'answer-unreadable' });
    const switching = await startRawServer((socket) =>
      socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n'),
    );
    expect(await send(switching.url)).toEqual({ problem: 'answer-unreadable' });
  });

  test('that goes on answering is cut after some kilobytes, and has taken it', async () => {
    const server = await startRawServer((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n');
      const piece = `400\r\n${'x'.repeat(1024)}\r\n`;
      const pour = (): void => {
        while (!socket.destroyed && socket.write(piece));
      };
      socket.on('drain', pour);
      pour();
    });
    expect(await send(server.url)).toEqual({ status: 200 });
    await server.everyConnectionClosed();
  });

  test('whose answer never ends is cut by the time-out, and has taken it', async () => {
    const server = await startRawServer((socket) => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n'));
    expect(await send(server.url, { ...loopback, timeoutMs: 50 })).toEqual({ status: 200 });
    await server.everyConnectionClosed();
  });

  test('is given up when the server ends', async () => {
    const server = await startRawServer(() => cutting.abort());
    const cutting = new AbortController();
    const request = { url: server.url, ...message, signal: cutting.signal };
    expect(await createWebhookSender(loopback).send(request)).toEqual({ problem: 'unreachable' });
    expect(await createWebhookSender(loopback).send(request)).toEqual({ problem: 'unreachable' });
    expect(server.connectionCount()).toBe(1);
  });

  test('whose name has no address is told as such', async () => {
    const findAddresses = () => Promise.reject(Object.assign(new Error('not found'), { code: 'ENOTFOUND' }));
    expect(await send('https://hooks.example/', { findAddresses })).toEqual({ problem: 'name-unknown' });
    expect(await send('https://hooks.example/', at())).toEqual({ problem: 'address-refused' });
  });
});

/** Each of them means this machine, or the credentials of a machine in a cloud. */
const forbidden = [
  '127.0.0.1',
  '127.0.0.2',
  '0.0.0.0',
  '169.254.169.254',
  '10.0.0.1',
  '100.64.0.1',
  '::1',
  '::',
  '::ffff:127.0.0.1',
  '::ffff:a9fe:a9fe',
  '::127.0.0.1',
  '64:ff9b::7f00:1',
  '64:ff9b:1::7f00:1',
  '2002:7f00:1::',
  '2001:0:4136:e378:8000:63bf:80ff:fffe',
  'fd00::1',
  'fe80::1',
];

describe('where nothing is sent', () => {
  /** A listener on this machine that nobody should reach. */
  const startForbidden = () => startReceiver({ host: '::' });

  test.each(forbidden)('is a host that resolves to %s', async (address) => {
    const { port, connectionCount } = await startForbidden();
    for (const scheme of ['http', 'https']) {
      const url = `${scheme}://hooks.example:${port}/`;
      expect(await send(url, at(address))).toEqual({ problem: 'address-refused' });
      // One that may be called makes it no better, in whichever order.
      expect(await send(url, at('1.1.1.1', address))).toEqual({ problem: 'address-refused' });
      expect(await send(url, at(address, '1.1.1.1'))).toEqual({ problem: 'address-refused' });
    }
    expect(connectionCount()).toBe(0);
  });

  test.each([
    ...forbidden.map((address) => (address.includes(':') ? `[${address}]` : address)),
    '2130706433',
    '0x7f.1',
    '017700000001',
    '127.1',
    '１２７.0.0.1',
  ])('is the address %s itself', async (host) => {
    const { port, connectionCount } = await startForbidden();
    const sender = createWebhookSender();
    for (const scheme of ['http', 'https']) {
      const url = `${scheme}://${host}:${port}/`;
      expect(await sender.send({ url, ...message })).toEqual({ problem: 'address-refused' });
      expect(sender.urlMistake(url)).toContain('--webhook-networks');
    }
    expect(connectionCount()).toBe(0);
  });

  test('is localhost, as the system finds it', async () => {
    const { port, connectionCount } = await startForbidden();
    expect(await send(`https://localhost:${port}/`, {})).toEqual({ problem: 'address-refused' });
    expect(connectionCount()).toBe(0);
  });

  test('is a name that has another address when it is connected to', async () => {
    const allowed = await startReceiver({ host: '127.0.0.2' });
    const victim = await startReceiver({ port: allowed.port });
    const answers = ['127.0.0.2', '127.0.0.1'];
    const sender = createWebhookSender({
      networks: ['127.0.0.2'],
      findAddresses: async () => [found(answers.shift() ?? '127.0.0.1')],
    });
    const url = `http://hooks.example:${allowed.port}/`;
    expect(await sender.send({ url, ...message })).toEqual({ status: 204 });
    expect(await sender.send({ url, ...message })).toEqual({ problem: 'address-refused' });
    // Each look-up is the one of a connection: none was answered in between.
    expect(answers).toEqual([]);
    expect([allowed.received.length, victim.connectionCount()]).toEqual([1, 0]);
  });

  test('is where an answer redirects to', async () => {
    const victim = await startReceiver();
    for (const location of ['http://169.254.169.254/latest/meta-data/', `http://127.0.0.1:${victim.port}/`]) {
      for (const status of [301, 302, 303, 307, 308]) {
        const { port, received } = await startReceiver({
          answer: (response) => response.writeHead(status, { location }).end(),
        });
        expect(await send(`http://127.0.0.1:${port}/`)).toEqual({ status, problem: 'redirected' });
        expect(received).toHaveLength(1);
      }
    }
    expect(victim.connectionCount()).toBe(0);
  });

  test('is a public address by plain http', async () => {
    expect(await send('http://1.1.1.1/', {})).toEqual({ problem: 'address-refused' });
    expect(await send('http://hooks.example/', at('1.1.1.1'))).toEqual({ problem: 'address-refused' });
    expect(createWebhookSender().urlMistake('http://hooks.example/')).toContain('only for networks');
    expect(createWebhookSender(loopback).urlMistake('http://hooks.example/')).toBeUndefined();
  });

  test.each([
    'https://user@hooks.example/',
    'https://user:password@hooks.example/',
    'https://hooks.example:25/',
    'http://127.0.0.1:22/',
    'ftp://hooks.example/',
    'file:///etc/passwd',
    'hooks.example',
    '',
  ])('is a URL that no webhook has: %s', async (url) => {
    expect(await send(url)).toEqual({ problem: 'url-refused' });
    expect(createWebhookSender(loopback).urlMistake(url)).toMatch(/^The URL /);
  });
});

describe('networks that are allowed', () => {
  test.each(['127.0.0.1', '::ffff:127.0.0.1'])('are called, too, if a name resolves to %s', async (address) => {
    const { port } = await startReceiver();
    expect(await send(`http://hooks.example:${port}/`, { ...loopback, ...at(address) })).toEqual({ status: 204 });
  });

  test('are none but those', async () => {
    const { port, connectionCount } = await startReceiver();
    for (const networks of [['10.0.0.0/8', 'fd00::/8'], ['127.0.0.2'], ['::/1']]) {
      expect(await send(`http://127.0.0.1:${port}/`, { networks })).toEqual({ problem: 'address-refused' });
    }
    expect(connectionCount()).toBe(0);
  });

  test.each(['127.0.0.1/0', '::/0', '10.0.0.0/33', 'fd00::/129', '10.0.0', 'hooks.example', '', 'fe80::1%eth0'])(
    'cannot be %s',
    (network) => {
      expect(() => createWebhookSender({ networks: [network] })).toThrow(TypeError);
    },
  );
});

describe.skipIf(isSkipped)(`TLS${unlessInstalled}`, () => {
  const serve = async (name: string) => {
    const files = makeCertificate(temporaryFolder(), { name, extensions: [`subjectAltName=DNS:${name}`] });
    const cert = readFileSync(files.certPath);
    let count = 0;
    const server = createTlsServer({ cert, key: readFileSync(files.keyPath) }, (_request, response) => {
      count += 1;
      response.writeHead(204).end();
    });
    const { port, close } = await listenOnLoopback(server);
    onTestFinished(close);
    return { url: `https://hooks.example:${port}/`, cert, count: () => count };
  };
  const options = { ...loopback, ...at('127.0.0.1') };

  test('is spoken with a receiver whose certificate is for the name of the URL', async () => {
    const { url, cert } = await serve('hooks.example');
    expect(await send(url, { ...options, ca: cert })).toEqual({ status: 204 });
  });

  test('is refused to a receiver with another certificate', async () => {
    const [other, unknown] = [await serve('other.example'), await serve('hooks.example')];
    expect(await send(other.url, { ...options, ca: other.cert })).toEqual({ problem: 'tls-failed' });
    expect(await send(unknown.url, options)).toEqual({ problem: 'tls-failed' });
    expect([other.count(), unknown.count()]).toEqual([0, 0]);
  });

  test('is missed where there is none', async () => {
    const { port } = await startReceiver();
    expect(await send(`https://127.0.0.1:${port}/`)).toEqual({ problem: 'tls-failed' });
  });
});
