import { once } from 'node:events';
import { request } from 'node:http';
import type { IncomingMessage } from 'node:http';

import { expect, onTestFinished, test } from 'vitest';

import { createSupervisor } from '../index.js';
import type { Clock, Supervisor, SupervisorOptions } from '../index.js';

const apiKey = 'a'.repeat(32);
const start = Date.UTC(2026, 10, 23, 1, 14, 28);

/** A supervisor whose time passes only when told to. */
function still(options: SupervisorOptions = {}): { supervisor: Supervisor; pass: (ms: number) => void } {
  let now = start;
  const supervisor = createSupervisor({ apiKey, hostname: 'lamp', clock: { now: () => now }, ...options });
  return { supervisor, pass: (ms) => (now += ms) };
}

async function journal(supervisor: Supervisor, body: unknown = {}): Promise<[number, string | null, string]> {
  const response = await supervisor.fetch(
    new Request(`http://supervisor/v2/journal-logs?apikey=${apiKey}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }),
  );
  return [response.status, response.headers.get('content-type'), await response.text()];
}

interface OpenStream {
  response: IncomingMessage;
  /** Resolves with everything received when the pattern is found in it. */
  until: (pattern: RegExp) => Promise<string>;
  ended: Promise<unknown>;
}

/** Opens a stream over a real socket. */
async function open(supervisor: Supervisor, line: string, body?: unknown): Promise<OpenStream> {
  const { address, close } = await supervisor.listen();
  onTestFinished(close);
  const [method, path] = line.split(' ');
  const headers = { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' };
  const sent = request(`${address}${path}`, { method, headers, agent: false });
  sent.end(body === undefined ? undefined : JSON.stringify(body));
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  const ended = new Promise((resolve) => response.once('close', resolve));
  response.on('error', () => undefined);
  let received = '';
  response.setEncoding('utf8').on('data', (chunk: string) => (received += chunk));
  const until = async (pattern: RegExp): Promise<string> => {
    while (!pattern.test(received)) await once(response, 'data');
    return received;
  };
  return { response, until, ended };
}

test('the journal reports the start, without a type', async () => {
  const { supervisor } = still();
  const [status, type, text] = await journal(supervisor);
  expect([status, type]).toEqual([200, null]);
  expect(text).toMatch(
    /^Nov 23 01:14:28 lamp kernel: Linux version \S+\nNov 23 01:14:28 lamp balena-supervisor\[\d+\]: \[info\] {4}Supervisor v19\.0\.5 starting up\.\.\.\n/,
  );
  expect(text).toMatch(/Nov 23 01:14:28 lamp [\da-f]{12}\[\d+\]: hello from main\n$/);
});

test('output of a service is found by count, by container, and as JSON', async () => {
  const { supervisor } = still({ apps: [{ appId: 7, services: ['main', 'side'] }] });
  supervisor.log({ message: 'one\ntwo' });
  supervisor.log({ serviceName: 'side', message: 'three', isError: true });
  const containerId = supervisor.state.apps[0]?.containers[0]?.containerId.slice(0, 12) ?? '';
  const cat = { format: 'cat' };
  expect((await journal(supervisor, { ...cat, count: 2 }))[2]).toBe('two\nthree\n');
  expect((await journal(supervisor, { ...cat, containerId }))[2]).toBe('hello from main\none\ntwo\n');
  const fields = JSON.parse((await journal(supervisor, { count: 1, format: 'json', all: true }))[2]) as object;
  expect(fields).toMatchObject({ PRIORITY: '3', CONTAINER_NAME: expect.stringMatching(/^side_\d+_\d+_[\da-f]+$/) });
});

test.each<[unknown, [number, string | null, string]]>([
  [{ unit: 'nope.service' }, [200, null, '-- No entries --\n']],
  [{ since: '+1h' }, [200, null, '-- No entries --\n']],
  [{ format: 'nope' }, [200, null, '']],
  [{ unit: {} }, [200, null, '']],
  [{ since: 'lately' }, [200, null, '']],
  [{ format: 'help' }, [200, null, expect.stringMatching(/^short\nshort-full\n/)]],
  [
    { format: 'a\0b' },
    [
      503,
      'application/json; charset=utf-8',
      String.raw`{"status":"failed","message":"The argument 'args[1]' must be a string without null bytes. Received 'a\\x00b'"}`,
    ],
  ],
])('the journal with %j', async (body, answer) => {
  expect(await journal(still().supervisor, body)).toEqual(answer);
});

test('a stopped service cannot print', () => {
  const { supervisor } = still();
  expect(() => supervisor.log({ serviceName: 'side', message: 'x' })).toThrow(
    'log: app 1234567 is not running service "side". Running services: main.',
  );
  expect(() => supervisor.log({ message: 5 as unknown as string })).toThrow('log: message must be a string.');
  expect(() => supervisor.log({ appId: 8, message: 'x' })).toThrow('log: this device has no app 8');
});

test('an update is logged step by step, each with its time, even if nobody looked meanwhile', async () => {
  const { supervisor, pass } = still({ downloadDurationMs: 10_000 });
  supervisor.releaseAvailable({ commit: 'next' });
  await supervisor.fetch(new Request(`http://supervisor/v1/update?apikey=${apiKey}`, { method: 'POST' }));
  pass(60_000);
  const [, , text] = await journal(supervisor, { since: '-59s', format: 'short-iso' });
  const told = text.split('\n').map((line) => line.replace(/^\S+T\d\d:(\S+)\+00:00 lamp \S+: /, '$1 '));
  expect(told).toEqual([
    '14:38 [event]   Event: Image downloaded',
    '14:38 [event]   Event: Take update locks',
    '14:38 [event]   Event: Service kill',
    '14:38 [event]   Event: Service exit',
    '14:38 [event]   Event: Service stop',
    '14:39 [event]   Event: Image removal',
    '14:39 [event]   Event: Image removed',
    '14:40 [event]   Event: Service install',
    '14:40 [event]   Event: Service installed',
    '14:41 [event]   Event: Service start',
    '14:41 [event]   Event: Service started',
    '14:41 hello from main',
    '14:42 [event]   Event: Release update locks',
    '',
  ]);
});

test('a follower gets existing lines, then each line as it is printed, until it leaves', async () => {
  const supervisor = createSupervisor({ apiKey });
  const stream = await open(supervisor, 'POST /v2/journal-logs', { follow: true, count: 1, format: 'cat' });
  expect(stream.response.headers).toMatchObject({ 'transfer-encoding': 'chunked' });
  expect(stream.response.headers['content-type']).toBeUndefined();
  expect(await stream.until(/\n/)).toBe('hello from main\n');
  supervisor.log({ message: 'one' });
  await stream.until(/one\n/);
  supervisor.log({ message: 'two' });
  expect(await stream.until(/two\n/)).toBe('hello from main\none\ntwo\n');
  stream.response.destroy();
  await stream.ended;
});

test('a stream does not begin before it has something to send', async () => {
  const supervisor = createSupervisor({ apiKey });
  const opening = open(supervisor, 'POST /v2/journal-logs', { follow: true, since: 'tomorrow', format: 'cat' });
  const early = open(supervisor, 'POST /v2/journal-logs', { follow: true, unit: 'balena', count: 1, format: 'cat' });
  await (await early).until(/hello/);
  const begun = await Promise.race([opening, Promise.resolve('nothing')]);
  expect(begun).toBe('nothing');
  void opening.catch(() => undefined);
});

test('an update is followed live, without any other reader', async () => {
  let now = start;
  const sleep = async (ms: number): Promise<void> => void (now += ms);
  const supervisor = createSupervisor({ apiKey, clock: { now: () => now, sleep } });
  const stream = await open(supervisor, 'POST /v2/journal-logs', { follow: true, format: 'cat' });
  supervisor.releaseAvailable({ commit: 'next' });
  await supervisor.fetch(new Request(`http://supervisor/v1/update?apikey=${apiKey}`, { method: 'POST' }));
  const text = await stream.until(/Release update locks\n/);
  expect(text).toMatch(/Image downloaded[^]*Service kill[^]*Service started[^]*hello from main\n/);
});

test('a restart of the Supervisor cuts streams off; the journal is available afterwards', async () => {
  const supervisor = createSupervisor({ apiKey, restartDurationMs: 20 });
  const stream = await open(supervisor, 'POST /v2/journal-logs', { follow: true, format: 'cat' });
  await stream.until(/hello/);
  const torn = once(stream.response, 'error');
  supervisor.restartSupervisor();
  expect((await torn)[0]).toMatchObject({ code: 'ECONNRESET' });
  await supervisor.whenUp();
  const [, , text] = await journal(supervisor, { format: 'cat' });
  expect(text.match(/Supervisor v19\.0\.5 starting up/g)).toHaveLength(2);
  expect(text.match(/hello from main/g)).toHaveLength(1);
});

test('a boot starts the services again, and they log it', async () => {
  const { supervisor } = still();
  await supervisor.fetch(new Request(`http://supervisor/v1/reboot?apikey=${apiKey}`, { method: 'POST' }));
  await supervisor.finishReboot();
  const [, , text] = await journal(supervisor, { format: 'cat' });
  expect(text.match(/hello from main/g)).toHaveLength(2);
  expect(text.match(/Linux version/g)).toHaveLength(2);
});

test('a slow reader loses no line', async () => {
  const supervisor = createSupervisor({ apiKey });
  const stream = await open(supervisor, 'POST /v2/journal-logs', { follow: true, count: 1, format: 'cat' });
  await stream.until(/hello/);
  stream.response.pause();
  const line = 'x'.repeat(400);
  for (let number = 1; number <= 5000; number += 1) supervisor.log({ message: `${number} ${line}` });
  stream.response.resume();
  const text = await stream.until(/\n5000 x{400}\n$/);
  const numbers = text
    .split('\n')
    .slice(1, -1)
    .map((each) => Number.parseInt(each, 10));
  expect(numbers).toEqual(Array.from({ length: 5000 }, (_, index) => index + 1));
});

const local = { unmanaged: true, apps: [{ appId: 1, services: ['main', 'frontend'] }] } satisfies SupervisorOptions;
const first = '{"message":"Streaming logs","isSystem":true}\n';

test('in local mode, local logs contain the output of services and the actions on them', async () => {
  const { supervisor, pass } = still(local);
  const stream = await open(supervisor, 'GET /v2/local/logs');
  expect(await stream.until(/\n/)).toBe(first);
  const act = (action: string): Promise<Response> =>
    supervisor.fetch(
      new Request(`http://supervisor/v2/applications/1/${action}-service`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{"serviceName":"frontend"}',
      }),
    );
  pass(1000);
  expect((await act('stop')).status).toBe(200);
  expect((await act('start')).status).toBe(200);
  supervisor.log({ message: 'tick' });
  const text = await stream.until(/tick/);
  const lines = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  const image = supervisor.state.apps[0]?.images.find(({ serviceName }) => serviceName === 'frontend')?.dockerImageId;
  expect(lines.map(({ message }) => message)).toEqual([
    'Streaming logs',
    'Taking update locks',
    `Killing service 'frontend ${image}'`,
    'Releasing update locks',
    `Service exited 'frontend ${image}'`,
    `Killed service 'frontend ${image}'`,
    `Starting service 'frontend ${image}'`,
    `Started service 'frontend ${image}'`,
    'hello from frontend\r',
    'tick\r',
  ]);
  expect(Object.keys(lines[1] ?? {})).toEqual(['message', 'isSystem', 'timestamp']);
  expect(lines.at(-1)).toEqual({
    serviceName: 'main',
    message: 'tick\r',
    isStdErr: false,
    timestamp: expect.any(Number) as number,
    serviceId: 29_396,
  });
});

test.each<[string, SupervisorOptions]>([
  ['outside of local mode', {}],
  ['with logs switched off', { ...local, config: { SUPERVISOR_LOG_CONTROL: 'false' } }],
])('%s local logs are empty', async (_case, options) => {
  const supervisor = createSupervisor({ apiKey, ...options });
  const stream = await open(supervisor, 'GET /v2/local/logs');
  const other = await open(supervisor, 'POST /v2/journal-logs', { follow: true, format: 'cat' });
  supervisor.log({ message: 'tick' });
  await other.until(/tick/);
  expect(await stream.until(/\n/)).toBe(first);
});

test('a sleeping clock wakes followers, and one that cannot sleep never leaps because of them', async () => {
  const clock: Clock = { now: () => start };
  const supervisor = createSupervisor({ apiKey, clock, downloadDurationMs: 1000 });
  const stream = await open(supervisor, 'POST /v2/journal-logs', { follow: true, format: 'cat' });
  supervisor.releaseAvailable({ commit: 'next' });
  await supervisor.fetch(new Request(`http://supervisor/v1/update?apikey=${apiKey}`, { method: 'POST' }));
  supervisor.log({ message: 'now' });
  await stream.until(/now\n/);
  expect(supervisor.state.apps[0]?.update?.stage).toBe('preparing');
});
