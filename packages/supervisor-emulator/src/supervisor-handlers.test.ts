import { setupServer } from 'msw/node';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';

import { createSupervisor } from './index.js';
import type { Supervisor } from './index.js';
import { supervisorHandlers } from './supervisor-handlers.js';

const server = setupServer();
beforeAll(() => server.listen({ onUnhandledFrame: 'error' }));
afterEach(() => server.resetHandlers());
afterAll(() => server.close());

const address = 'http://127.0.0.1:48484';

function start(options: { address?: string } = {}): Supervisor {
  const supervisor = createSupervisor();
  server.use(...supervisorHandlers(supervisor, options));
  return supervisor;
}

test('requests to the address of a device are answered by the emulator', async () => {
  const supervisor = start();
  const response = await fetch(`${address}/v2/version?apikey=${supervisor.apiKey}`);
  expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
  expect(await response.text()).toBe('{"status":"success","version":"19.0.5"}');
  expect((await fetch(`${address}/v2/version`)).status).toBe(401);
  expect((await fetch(`${address}/v1/nope?apikey=${supervisor.apiKey}`)).status).toBe(404);
});

test('bodies arrive and change the same Supervisor', async () => {
  const supervisor = start();
  supervisor.lock();
  const init = { method: 'POST', headers: { authorization: `Bearer ${supervisor.apiKey}` } };
  expect((await fetch(`${address}/v1/reboot`, init)).status).toBe(423);
  const headers = { ...init.headers, 'content-type': 'application/json' };
  const forced = await fetch(`${address}/v1/reboot`, { ...init, headers, body: '{"force":true}' });
  expect(forced.status).toBe(202);
  expect(supervisor.state.rebooting).toBe(true);
});

test('a missing answer is a network error', async () => {
  const supervisor = start();
  supervisor.setFault('reset');
  await expect(fetch(`${address}/ping`)).rejects.toThrow(TypeError);
});

test('a request that hangs ends at its own deadline', async () => {
  const supervisor = start();
  supervisor.setFault('hang');
  await expect(fetch(`${address}/ping`, { signal: AbortSignal.timeout(50) })).rejects.toThrow(/abort|timeout/i);
});

test('the address can be chosen', async () => {
  start({ address: 'http://10.114.104.1:48484/' });
  expect(await (await fetch('http://10.114.104.1:48484/ping')).text()).toBe('OK');
});

test.each(['', 'device', 'ftp://device'])('%j is not an address', (wrong) => {
  expect(() => supervisorHandlers(createSupervisor(), { address: wrong })).toThrow('address must be an http URL');
});
