import { afterEach, expect, test, vi } from 'vitest';
import { bundledCli } from './cli-process.js';
import { createEmulatedNode } from './emulated-node.js';
import { temporaryFolder } from '@serve.zone/baseos-testing/files/temporary-folder';

const { serve, createJoinToken } = bundledCli();

afterEach(() => {
  vi.unstubAllEnvs();
});

test('a log collector and Prometheus get readable data without a secret', async () => {
  const data = temporaryFolder();
  const server = serve('--data', data, '--log-format', 'json', '--metrics-port', '0');
  const [, metricsUrl = ''] = await server.logged(/"metricsUrl":"([^"]+)"/);
  const { url, joinToken } = await createJoinToken(data);
  const node = createEmulatedNode();
  const { nodeToken = '' } = await node.register(url, joinToken);
  await node.heartbeat(url, nodeToken);
  await node.heartbeat(url, joinToken);
  const metrics = await (await fetch(metricsUrl)).text();
  server.signal('SIGTERM');
  expect(await server.exited).toEqual({ code: 0, signal: null });

  const entries = server.stderr
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { time: string; level: string; event: string; fields?: object });
  expect(entries.map(({ level, event }) => `${level} ${event}`)).toEqual([
    'info listening',
    'info no-operators',
    'info node-registered',
    'info node-token-activated',
    'warn request-refused',
    'info stopping',
    'info stopped',
  ]);
  expect(entries[0]?.fields).toMatchObject({ url, metricsUrl, database: expect.stringContaining(data) });
  expect(entries[2]?.fields).toMatchObject({ nodeId: node.nodeId, created: true });
  for (const { time } of entries) expect(new Date(time).toISOString()).toBe(time);

  for (const name of ['cloudly_heartbeats_total', 'process_resident_memory_bytes', 'nodejs_eventloop_lag_seconds']) {
    expect(metrics).toMatch(new RegExp(`^${name}\\S* [\\d.e+-]+$`, 'm'));
  }
  for (const secret of [joinToken, nodeToken]) expect(server.stderr + metrics).not.toContain(secret);
});

test('a warning of Node or of a library is a regular line of the log', async () => {
  const warnAtSignal = 'process.on("SIGUSR2",()=>process.emitWarning("of\\nNode"))';
  vi.stubEnv('NODE_OPTIONS', `--import data:text/javascript,${encodeURIComponent(warnAtSignal)}`);
  const server = serve('--data', temporaryFolder(), '--log-format', 'json');
  await server.logged(/"event":"listening"/);
  server.signal('SIGUSR2');
  await server.logged(/"event":"runtime-warning"/);
  const entries = server.stderr
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { level: string; message: string });
  expect(entries.at(-1)).toMatchObject({ level: 'warn', message: 'of\nNode' });
});
