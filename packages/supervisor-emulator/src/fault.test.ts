import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { createSupervisor } from './index.js';
import type { ListeningSupervisor, Supervisor } from './index.js';

let supervisor: Supervisor;
let listening: ListeningSupervisor;

beforeEach(async () => {
  supervisor = createSupervisor();
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

  test('hang: no answer comes until the client gives up', async () => {
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

  test('slow-body: the answer is right, but comes byte by byte', async () => {
    supervisor.setFault('slow-body');
    const response = await send('/ping');
    expect(response.status).toBe(200);
    const chunks: string[] = [];
    for await (const chunk of response.body ?? []) chunks.push(new TextDecoder().decode(chunk));
    expect(chunks).toEqual(['O', 'K']);
  });

  test('slow-body: giving up in the middle ends it', async () => {
    supervisor.setFault('slow-body');
    const response = await send('/v2/version?apikey=');
    await response.body?.cancel();
    supervisor.setFault('none');
    expect(await (await send('/ping')).text()).toBe('OK');
  });

  test('a faulty request has no effect, and the next one works once the fault is gone', async () => {
    supervisor.setFault('bad-gateway');
    await send(`/v1/reboot?apikey=${supervisor.apiKey}`, { method: 'POST' });
    expect(supervisor.state.rebooting).toBe(false);
    supervisor.setFault('none');
    expect(await (await send('/ping')).text()).toBe('OK');
    expect(supervisor.requests.map(({ path }) => path)).toEqual(['/v1/reboot', '/ping']);
  });
});

test('a reply over fetch that was given up before is rejected', async () => {
  supervisor.setFault('hang');
  await expect(byFetch('/ping', { signal: AbortSignal.abort(new Error('given up')) })).rejects.toThrow('given up');
});

test('an unknown fault is a mistake that is told', () => {
  expect(() => supervisor.setFault('broken' as 'none')).toThrow('setFault: there is no fault "broken".');
});
