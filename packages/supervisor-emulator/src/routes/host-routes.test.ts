import { expect, test } from 'vitest';

import { createSupervisor } from '../index.js';
import type { Supervisor, SupervisorOptions } from '../index.js';

const html = 'text/html; charset=utf-8';
const json = 'application/json; charset=utf-8';
const options: SupervisorOptions = { uuid: '3f2a9c1d5b6e4f708192a3b4c5d6e7f8', clock: { now: () => 0 } };

async function call(supervisor: Supervisor, line: string, value?: unknown): Promise<[number, string | null, string]> {
  const [method = 'GET', path = '/'] = line.split(' ');
  const headers = { authorization: `Bearer ${supervisor.apiKey}`, 'content-type': 'application/json' };
  const body = value === undefined ? {} : { body: JSON.stringify(value) };
  const response = await supervisor.fetch(new Request(`http://supervisor${path}`, { method, headers, ...body }));
  return [response.status, response.headers.get('content-type'), await response.text()];
}

const path = '/v1/device/host-config';

function change(supervisor: Supervisor, value: unknown): Promise<[number, string | null, string]> {
  return call(supervisor, `PATCH ${path}`, value);
}

async function read(supervisor: Supervisor): Promise<unknown> {
  return (JSON.parse((await call(supervisor, `GET ${path}`))[2]) as { network: unknown }).network;
}

test.each<[string, SupervisorOptions, string]>([
  ['/v1/device/host-config', {}, '{"network":{"hostname":"3f2a9c1"}}'],
  ['/v1/device/host-config', { hostname: 'left' }, '{"network":{"hostname":"left"}}'],
  ['/v2/device/name', { deviceName: 'Lamp' }, '{"status":"success","deviceName":"Lamp"}'],
  ['/v2/device/name', { unmanaged: true }, '{"status":"success","deviceName":"local"}'],
  ['/v2/device/tags', {}, '{"status":"success","tags":[]}'],
  [
    '/v2/device/tags',
    { tags: { place: 'hall', floor: '2' } },
    '{"status":"success","tags":[{"id":188303,"name":"place","value":"hall"},{"id":188304,"name":"floor","value":"2"}]}',
  ],
  ['/v2/device/vpn', {}, '{"status":"success","vpn":{"enabled":true,"connected":true}}'],
  ['/v2/device/vpn', { vpnConnected: false }, '{"status":"success","vpn":{"enabled":true,"connected":false}}'],
  [
    '/v2/device/vpn',
    { config: { RESIN_SUPERVISOR_VPN_CONTROL: 'false' } },
    '{"status":"success","vpn":{"enabled":false,"connected":false}}',
  ],
  [
    '/v2/local/device-info',
    { arch: 'amd64', deviceType: 'intel-nuc' },
    '{"status":"success","info":{"arch":"amd64","deviceType":"intel-nuc"}}',
  ],
])('GET %s with %j', async (line, given, body) => {
  expect(await call(createSupervisor({ ...options, ...given }), `GET ${line}`)).toEqual([200, json, body]);
});

test.each<[SupervisorOptions, string]>([
  [{ uuid: '' }, 'uuid must be a non-empty string'],
  [{ hostname: 5 as unknown as string }, 'hostname must be'],
  [{ unmanaged: 'yes' as unknown as boolean }, 'unmanaged must be a boolean'],
  [{ tags: { a: 1 } as unknown as Record<string, string> }, 'tags must be an object whose values are strings'],
  [{ config: [] as unknown as Record<string, string> }, 'config must be'],
])('%j is rejected with a message', (mistaken, message) => {
  expect(() => createSupervisor(mistaken)).toThrow(new RegExp(message));
});

test('a hostname and a proxy are set together, and can be read back', async () => {
  const supervisor = createSupervisor(options);
  const proxy = { type: 'http-connect', ip: 'proxy.example.com', port: '8123', dns: true, noProxy: ['192.0.2.0/24'] };
  expect(await change(supervisor, { network: { hostname: ' left ', proxy } })).toEqual([200, html, 'OK']);
  expect(await read(supervisor)).toEqual({ hostname: 'left', proxy: { ...proxy, port: 8123, dns: '8.8.8.8:53' } });
});

test('an empty hostname becomes the start of the UUID', async () => {
  const supervisor = createSupervisor({ ...options, hostname: 'left' });
  await change(supervisor, { network: { hostname: '' } });
  expect(await read(supervisor)).toEqual({ hostname: '3f2a9c1' });
});

test('a wrong type is accepted, and removes the proxy', async () => {
  const supervisor = createSupervisor(options);
  await change(supervisor, { network: { proxy: { type: 'socks5', ip: '192.0.2.7', port: 1080, noProxy: ['a'] } } });
  expect(await change(supervisor, { network: { proxy: { type: 'ftp' } } })).toEqual([200, html, 'OK']);
  expect(await read(supervisor)).toEqual({ hostname: '3f2a9c1', proxy: { noProxy: ['a'] } });
});

test('a login that is not text fails after the hostname was changed', async () => {
  const supervisor = createSupervisor(options);
  const network = { hostname: 'left', proxy: { type: 'socks5', ip: '192.0.2.7', port: 1080, login: 5 } };
  expect(await change(supervisor, { network })).toEqual([503, html, 'value.startsWith is not a function']);
  expect(await read(supervisor)).toEqual({ hostname: 'left' });
});

test('a body that is not a host config is rejected as text', async () => {
  const [status, type, body] = await change(createSupervisor(options), { network: { hostname: 5 } });
  expect([status, type]).toEqual([400, html]);
  expect(body).toBe(
    'Could not parse host config input to a valid format:\nExpecting string at network.hostname but instead got: 5',
  );
});

test('a lock blocks a change, unless force accompanies network', async () => {
  const supervisor = createSupervisor(options);
  supervisor.lock();
  const refused = [423, html, 'Lockfile exists for { appId: 1234567, service: main }'];
  expect(await change(supervisor, { network: { hostname: 'left' } })).toEqual(refused);
  expect(await change(supervisor, { network: { hostname: 'left', force: true } })).toEqual(refused);
  expect(await change(supervisor, { network: {} })).toEqual([200, html, 'OK']);
  expect(await change(supervisor, { network: { hostname: 'left' }, force: true })).toEqual([200, html, 'OK']);
  expect(await read(supervisor)).toEqual({ hostname: 'left' });
  expect(supervisor.state.apps[0]?.lockedBy).toBeUndefined();
});

test('tags are set by name', async () => {
  const supervisor = createSupervisor({ ...options, tags: { place: 'hall' } });
  const set = { floor: '2', place: 'attic' };
  expect(await call(supervisor, 'PATCH /v2/device/tags', set)).toEqual([202, json, '{"status":"success"}']);
  expect(JSON.parse((await call(supervisor, 'GET /v2/device/tags'))[2])).toEqual({
    status: 'success',
    tags: [
      { id: 188_303, name: 'place', value: 'attic' },
      { id: 188_304, name: 'floor', value: '2' },
    ],
  });
});

const shape = 'Invalid tags body, must be an object like `{[tagKey: string]: string}`';

test.each([
  [{ place: 1 }, 400, { status: 'failed', message: shape }],
  [{ place: null }, 400, { status: 'failed', message: shape }],
  [{ 'a b': 'x' }, 400, { status: 'failed', message: 'Tag keys cannot contain whitespace' }],
  [[], 202, { status: 'success' }],
  [undefined, 202, { status: 'success' }],
])('tags of %j: %i', async (value, status, body) => {
  const answer = await call(createSupervisor(options), 'PATCH /v2/device/tags', value);
  expect(answer).toEqual([status, json, JSON.stringify(body)]);
});

test('without a cloud tags are not available, but are accepted', async () => {
  const supervisor = createSupervisor({ ...options, unmanaged: true });
  const message = 'Attempt to communicate with API, without initialized client';
  expect(await call(supervisor, 'GET /v2/device/tags')).toEqual([
    500,
    json,
    JSON.stringify({ status: 'failed', message }),
  ]);
  expect(await call(supervisor, 'PATCH /v2/device/tags', { a: 'b' })).toEqual([202, json, '{"status":"success"}']);
});
