import { once } from 'node:events';
import { stat } from 'node:fs/promises';
import { type IncomingMessage, request } from 'node:http';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { closedPort } from './loopback-server.js';
import type { Rig } from './rig.js';
import { useRig } from './use-rig.js';

let rig: Rig;
useRig((opened) => {
  rig = opened;
});

type Place = { host: string; port: number } | { socketPath: string };

async function get(place: Place, path = '/metrics', method = 'GET') {
  const sent = request({ ...place, path, method, agent: false }).end();
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  let body = '';
  for await (const chunk of response.setEncoding('utf8')) body += String(chunk);
  return { status: response.statusCode, type: response.headers['content-type'], body };
}

async function enrolling(listen: string) {
  return rig.env({ BASEOS_JOIN_TOKEN: await rig.createJoinToken(), BASEOS_METRICS_LISTEN: listen });
}

describe('the metrics', () => {
  test('are served on the loopback address, and describe the agent’s current state', async () => {
    const { host } = new URL(await closedPort('http'));
    const probe = join(import.meta.dirname, 'print-loaded-modules.mjs');
    const agent = rig.start(await enrolling(host), ['--import', probe]);
    await rig.event('heartbeat-received', ({ sequence }) => sequence === 2);
    const place = { host: '127.0.0.1', port: Number(host.split(':')[1]) };
    const { status, type, body } = await get(place);
    expect({ status, type }).toEqual({ status: 200, type: 'text/plain; version=0.0.4; charset=utf-8' });
    expect(body).toMatch(/^baseos_node_state\{state="registered"\} 1$/m);
    expect(body).toMatch(/^baseos_heartbeats_sent_total [2-9]$/m);
    expect((await get(place, '/')).status).toBe(404);
    expect((await get(place, '/metrics', 'POST')).status).toBe(405);
    expect(await agent.end()).toEqual({ code: 0, signal: null });
    expect(agent.stderr).toContain('loaded: ');
    expect(agent.stderr).not.toContain('undici');
  });

  test('are served on a unix socket, even if a kill left the last one behind', async () => {
    const path = join(rig.folder, 'metrics.sock');
    const env = await enrolling(`unix:${path}`);
    const killed = rig.start(env);
    await rig.event('heartbeat-received');
    expect((await get({ socketPath: path })).status).toBe(200);
    expect((await stat(path)).mode & 0o777).toBe(0o660);
    await killed.end('SIGKILL');

    rig.start(env);
    await rig.nextHeartbeat();
    expect((await get({ socketPath: path })).body).toContain('baseos_agent_info');
  });

  test('do not stop the agent from working if their address is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as { port: number };
    const agent = rig.start(await enrolling(`127.0.0.1:${port}`));
    await agent.logged(/warn .*Metrics cannot be served \(EADDRINUSE\).*BASEOS_METRICS_LISTEN/);
    expect(await rig.event('heartbeat-received')).toMatchObject({ sequence: 1 });
    other.close();
    await agent.logged(/info .*Metrics are served at/);
    expect((await get({ host: '127.0.0.1', port })).body).toContain('baseos_agent_info');
  });

  test.each([
    ['/metrics?format=text', 200],
    ['/metrics#all', 200],
    ['http://localhost:9464/metrics', 200],
    ['HTTP://localhost/metrics?x', 200],
    ['//', 404],
    ['//metrics', 404],
    ['//[', 404],
    ['http://', 404],
    ['http://[', 404],
    ['*', 404],
    ['/%', 404],
    ['/?', 404],
  ])('the target %s is answered with %i', async (target, status) => {
    const path = join(rig.folder, 'metrics.sock');
    const agent = rig.start(rig.env({ BASEOS_METRICS_LISTEN: `unix:${path}` }));
    await agent.logged(/Metrics are served at/);
    expect((await get({ socketPath: path }, target)).status).toBe(status);
  });

  test('are never served where others can reach them', async () => {
    const { exitCode, stderr } = await rig.run(['start'], rig.env({ BASEOS_METRICS_LISTEN: '0.0.0.0:9464' }));
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/BASEOS_METRICS_LISTEN.*other machines can reach/);
  });
});
