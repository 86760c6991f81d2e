import { describe, expect, test } from 'vitest';
import { serve } from '../../test/serve.js';
import { SupervisorClient } from './supervisor-client.js';

type Proxy = Record<string, unknown>;

const proxy = { type: 'socks5', ip: '10.0.0.9', port: '1080', login: 'me', password: 'p"ss' };

/** A Supervisor with a proxy. Before 12.4 a change replaces the whole proxy, and `noProxy` only if it is sent. */
async function serveHost({ takesParts }: { takesParts: boolean }) {
  const host: { proxy: Proxy | undefined; noProxy: unknown[] } = { proxy, noProxy: ['10.0.0.0/8'] };
  const asked: string[] = [];
  const change = ({ proxy: { noProxy, ...named } = {} }: { proxy?: Proxy & { noProxy?: unknown[] } }): void => {
    if (Object.keys(named).length > 0) host.proxy = takesParts ? { ...host.proxy, ...named } : named;
    if (noProxy !== undefined) host.noProxy = noProxy.length === 0 ? [''] : noProxy;
  };
  const served = await serve((request, response) => {
    asked.push(request.method ?? '');
    let body = '';
    request.on('data', (chunk) => (body += String(chunk)));
    request.on('end', () => {
      if (request.method !== 'GET') change((JSON.parse(body) as { network: object }).network);
      const network = { hostname: 'gate', proxy: { ...host.proxy, noProxy: host.noProxy } };
      response.end(request.method === 'GET' ? JSON.stringify({ network }) : 'OK');
    });
  });
  return {
    host,
    asked,
    client: new SupervisorClient({ address: served.address, apiKey: 'k3y' }),
    [Symbol.asyncDispose]: async () => served[Symbol.asyncDispose](),
  };
}

describe.each([
  ['takes parts of the proxy', true],
  ['replaces the whole proxy', false],
])('on a Supervisor that %s, with `wholeProxy`', (_what, takesParts) => {
  test('a part is changed, and the rest stays', async () => {
    await using supervisor = await serveHost({ takesParts });
    const { host, client } = supervisor;
    await client.hostConfig.change(
      { hostname: 'gate', proxy: { ip: '10.0.0.10', login: undefined } },
      { wholeProxy: true },
    );
    expect(host).toEqual({ proxy: { ...proxy, ip: '10.0.0.10', port: 1080 }, noProxy: ['10.0.0.0/8'] });
  });

  test('simultaneous changes lose nothing of each other', async () => {
    await using supervisor = await serveHost({ takesParts });
    const { host, asked, client } = supervisor;
    await Promise.all([
      client.hostConfig.change({ proxy: { port: 3128 } }, { wholeProxy: true }),
      client.hostConfig.change({ proxy: { type: 'http-connect' } }, { wholeProxy: true }),
      client.hostConfig.change({ proxy: { noProxy: [] } }, { wholeProxy: true }),
    ]);
    expect(host).toEqual({ proxy: { ...proxy, type: 'http-connect', port: 3128 }, noProxy: [''] });
    expect(asked).toEqual(['GET', 'PATCH', 'GET', 'PATCH', 'GET', 'PATCH']);
    await expect(client.hostConfig.read()).resolves.toMatchObject({ proxy: { noProxy: [] } });
  });

  test('nothing is read if there is nothing to preserve', async () => {
    await using supervisor = await serveHost({ takesParts });
    const { asked, client } = supervisor;
    await client.hostConfig.change({ hostname: 'gate' }, { wholeProxy: true });
    await client.hostConfig.change({ proxy: {} }, { wholeProxy: true });
    await client.hostConfig.change({ proxy: { port: 1 } });
    expect(asked).toEqual(['PATCH', 'PATCH', 'PATCH']);
  });
});

test('nothing is sent if the present proxy cannot be read', async () => {
  const asked: string[] = [];
  await using served = await serve((request, response) => {
    asked.push(request.method ?? '');
    response.writeHead(503).end();
  });
  const client = new SupervisorClient({ address: served.address, apiKey: 'k3y' });
  await expect(client.hostConfig.change({ proxy: { port: 1 } }, { wholeProxy: true })).rejects.toMatchObject({
    code: 'supervisor-error',
    endpoint: 'GET /v1/device/host-config',
  });
  expect(asked).toEqual(['GET']);
});

test('an invalid `wholeProxy` is reported at once', async () => {
  const client = new SupervisorClient({ address: 'http://127.0.0.1:9', apiKey: 'k3y' });
  await expect(client.hostConfig.change({}, { wholeProxy: 'yes' as never })).rejects.toThrow(
    new TypeError('The option `wholeProxy` must be true or false.'),
  );
});
