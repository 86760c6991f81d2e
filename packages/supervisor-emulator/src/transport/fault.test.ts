import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { createSupervisor } from '../index.js';
import type { Fault, ListeningSupervisor, Supervisor } from '../index.js';

let supervisor: Supervisor;
let listening: ListeningSupervisor;

beforeEach(async () => {
  supervisor = createSupervisor({ relay: false, restartDurationMs: 60_000 });
  listening = await supervisor.listen();
});

afterEach(() => listening.close());

type Send = (path: string, init?: RequestInit) => Promise<Response>;
const overSockets: Send = (path, init) => fetch(listening.address + path, init);
const byFetch: Send = (path, init) => supervisor.fetch(new Request(listening.address + path, init));

describe.each<[string, Send]>([
  ['over sockets', overSockets],
  ['by fetch', byFetch],
])('%s', (_transport, send) => {
  test('reset: the connection is reset', async () => {
    supervisor.setFault('reset');
    await expect(send('/ping')).rejects.toMatchObject({ name: 'TypeError', cause: { code: 'ECONNRESET' } });
  });

  test('refuse: connections are refused while everything else continues, until the fault ends', async () => {
    supervisor.setFault('refuse');
    await expect(send('/ping')).rejects.toMatchObject({ name: 'TypeError', cause: { code: 'ECONNREFUSED' } });
    expect(supervisor.state.outage).toBeUndefined();
    expect(supervisor.requests).toEqual([]);
    supervisor.setFault('none');
    await supervisor.whenUp();
    expect(await (await send('/ping')).text()).toBe('OK');
  });

  test('hang: no answer arrives until the client gives up', async () => {
    supervisor.setFault('hang');
    const abort = new AbortController();
    const answer = send('/ping', { signal: abort.signal });
    await expect.poll(() => supervisor.requests.length).toBe(1);
    abort.abort(new Error('given up'));
    await expect(answer).rejects.toThrow('given up');
  });

  test('bad-gateway: a relay answers 502 as text', async () => {
    supervisor.setFault('bad-gateway');
    const response = await send('/v1/device');
    expect(response.status).toBe(502);
    expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(await response.text()).toBe('Bad Gateway');
  });

  test('html: a web page answers 200', async () => {
    supervisor.setFault('html');
    const response = await send('/v2/version');
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(await response.text()).toMatch(/^<!DOCTYPE html>/);
  });

  test('slow-body: the answer is correct, but arrives byte by byte', async () => {
    supervisor.setFault('slow-body');
    const response = await send('/ping');
    expect(response.status).toBe(200);
    const chunks: string[] = [];
    for await (const chunk of response.body ?? []) chunks.push(new TextDecoder().decode(chunk));
    expect(chunks).toEqual(['O', 'K']);
  });

  test('slow-body: giving up midway ends it', async () => {
    supervisor.setFault('slow-body');
    const response = await send('/v2/version?apikey=');
    await response.body?.cancel();
    supervisor.setFault('none');
    expect(await (await send('/ping')).text()).toBe('OK');
  });

  test('torn-stream: half of the body arrives, then the connection is cut off', async () => {
    supervisor.setFault('torn-stream');
    const response = await send('/ping');
    expect(response.status).toBe(200);
    const reader = response.body?.getReader();
    expect(new TextDecoder().decode((await reader?.read())?.value)).toBe('O');
    await expect(reader?.read()).rejects.toThrow('terminated');
  });

  test('torn-stream: an answer without a body is unchanged', async () => {
    supervisor.setFault('torn-stream');
    const response = await send(`/v1/update?apikey=${supervisor.apiKey}`, { method: 'POST' });
    expect([response.status, await response.text()]).toEqual([204, '']);
  });

  test('restart-in-request: the request has its effect, but the connection is reset', async () => {
    supervisor.setFault('restart-in-request', { requests: 1 });
    supervisor.releaseAvailable({ commit: 'new' });
    const init = { method: 'POST' };
    const answer = send(`/v1/update?apikey=${supervisor.apiKey}`, init);
    await expect(answer).rejects.toMatchObject({ name: 'TypeError', cause: {} });
    await supervisor.finishReboot();
    expect((await send('/ping')).status).toBe(200);
    expect(supervisor.state.apps[0]?.update?.commit).toBe('new');
  });

  test('restart-in-request: a slow operation is cut off midway', async () => {
    supervisor.setFault('restart-in-request', { requests: 1 });
    const body = new URLSearchParams({ appId: '1234567' });
    await expect(send(`/v1/restart?apikey=${supervisor.apiKey}`, { method: 'POST', body })).rejects.toThrow(
      'fetch failed',
    );
    expect(supervisor.state).toMatchObject({ outage: 'restart' });
    await supervisor.finishReboot();
  });

  test('a faulty request has no effect, and the next one works once the fault is gone', async () => {
    supervisor.setFault('bad-gateway');
    await send(`/v1/reboot?apikey=${supervisor.apiKey}`, { method: 'POST' });
    expect(supervisor.state.rebooting).toBe(false);
    supervisor.setFault('none');
    expect(await (await send('/ping')).text()).toBe('OK');
    expect(supervisor.requests.map(({ path }) => path)).toEqual(['/v1/reboot', '/ping']);
  });

  test('a fault can be limited to a path and to a number of requests', async () => {
    supervisor.setFault('bad-gateway', { path: '/v1/healthy', requests: 2 });
    const statuses: number[] = [];
    for (const path of ['/ping', '/V1/Healthy/', '/ping', '/v1/healthy', '/v1/healthy']) {
      statuses.push((await send(path)).status);
    }
    expect(statuses).toEqual([200, 502, 200, 502, 200]);
  });
});

test('a reply over fetch that was already given up is rejected', async () => {
  supervisor.setFault('hang');
  await expect(byFetch('/ping', { signal: AbortSignal.abort(new Error('given up')) })).rejects.toThrow('given up');
});

test('a Supervisor can refuse connections from the start', async () => {
  const refusing = createSupervisor({ fault: 'refuse' });
  const { address, close } = await refusing.listen();
  await expect(fetch(address)).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } });
  refusing.setFault('none');
  await refusing.whenUp();
  expect((await fetch(`${address}/ping`)).status).toBe(200);
  await close();
});

test.each<[Fault, object, string]>([
  ['broken' as 'none', {}, 'setFault: unknown fault "broken".'],
  ['refuse', { requests: 1 }, 'the fault "refuse" cannot be limited'],
  ['refuse', { path: '/ping' }, 'the fault "refuse" cannot be limited'],
  ['reset', { requests: 0 }, 'setFault: requests must be a positive integer.'],
])('setFault(%s, %j) throws with a message', (fault, limits, told) => {
  expect(() => supervisor.setFault(fault, limits)).toThrow(told);
});
