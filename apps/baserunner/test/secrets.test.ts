import { once } from 'node:events';
import { type IncomingMessage, request, type RequestListener } from 'node:http';
import { join } from 'node:path';
import { PROBLEM_MEDIA_TYPE, problemDocument } from '@serve.zone/baseos-contracts';
import { describe, expect, test } from 'vitest';
import { commandTree } from '../src/command-tree.js';
import { serveHttp } from './loopback-server.js';
import type { Rig } from './rig.js';
import { useRig } from './use-rig.js';
import { authority, commandLines, randomSecret, WatchedDevice } from './watched-device.js';

let rig: Rig;
useRig((opened) => {
  rig = opened;
});

const DAY_MS = 86_400_000;

/** Each runs a dozen processes, which takes a while on a busy machine. */
const longer = { timeout: 180_000 };

function unknownToken(): string {
  return `bjt_0123456789a_${randomSecret()}`;
}

async function readMetrics(socketPath: string): Promise<string> {
  const [response] = (await once(request({ socketPath, path: '/metrics', agent: false }).end(), 'response')) as [
    IncomingMessage,
  ];
  let text = '';
  for await (const chunk of response.setEncoding('utf8')) text += String(chunk);
  return text;
}

test('every command is covered', () => {
  const names = Object.keys(commandTree.subCommands ?? {});
  expect(new Set([...commandLines.map(([name]) => name), 'start'])).toEqual(new Set(names));
});

describe.each(['pretty', 'json'])('the most verbose log (%s) reveals no secret', (format) => {
  /** What a command prints does not go by the format of the log. */
  const withCommands = format === 'pretty';

  test('of an agent that enrols, runs, and gets new tokens, nor does any command beside it', longer, async () => {
    const device = await WatchedDevice.open(rig, format, await rig.createJoinToken());
    const socket = join(rig.folder, 'metrics.sock');
    const env = device.env({ BASEOS_METRICS_LISTEN: `unix:${socket}` });
    const agent = rig.start(env);
    await rig.event('heartbeat-received', ({ sequence }) => sequence === 2);
    const { nodeTokenId: firstTokenId } = await rig.event('node-token-activated');
    rig.advanceCloudly(40 * DAY_MS);
    await rig.event('node-token-activated', ({ nodeTokenId }) => nodeTokenId !== firstTokenId);
    device.evidence.addProcess('agent', agent);
    device.evidence.add('metrics', await readMetrics(socket));
    if (withCommands) await device.runCommands('beside an agent', env);
    device.keepFiles();
    await agent.end();
    device.evidence.addOutput('agent', agent);
    if (withCommands) {
      await device.runCommands('at the end', env, [['status'], ['status', '--wire'], ['identity', 'reset', '--yes']]);
    }

    expect(Object.keys(device.secrets).toSorted()).toEqual(
      expect.arrayContaining([
        'joinToken',
        'nodeToken1',
        'nodeToken2',
        'proxyPassword',
        'registrationKey',
        'supervisorKey',
      ]),
    );
    expect(device.leaks()).toEqual([]);
    expect(device.evidence.places).toEqual(
      expect.arrayContaining([
        'agent: stderr',
        'metrics',
        'file status.json',
        'file recent-log.jsonl',
        ...(withCommands ? ['file diagnosis.tar.gz'] : []),
      ]),
    );
    for (const count of Object.values(device.requestCounts)) expect(count).toBeGreaterThan(2);
    expect(device.proxied).toEqual([expect.stringMatching(/^CONNECT cloudly\.example:\d+$/)]);
  });

  test('if a registration is refused, Cloudly is down, and the Supervisor rejects the key', longer, async () => {
    const device = await WatchedDevice.open(rig, format, unknownToken());
    const wrongKey = randomSecret();
    device.hide('supervisorKeyWrong', wrongKey);
    const env = device.env({ BALENA_SUPERVISOR_API_KEY: wrongKey });
    const agent = rig.start(env);
    await agent.logged(/join-token-unknown/);
    await rig.stopCloudly();
    rig.supervisor.setFault('html');
    if (withCommands) await device.runCommands('in trouble', env);
    device.evidence.addProcess('agent', agent);
    await agent.end();
    device.keepFiles();
    device.evidence.addOutput('agent', agent);
    expect(device.leaks()).toEqual([]);
  });

  test('if servers repeat everything they receive, as problem, page or redirect', longer, async () => {
    const device = await WatchedDevice.open(rig, format, unknownToken());
    const echo =
      (answer: (heard: string) => Echoed): RequestListener =>
      (incoming, outgoing) => {
        let heard = incoming.rawHeaders.join(' ');
        incoming.setEncoding('utf8').on('data', (chunk: string) => (heard += chunk));
        incoming.on('end', () => {
          const { status, headers, body } = answer(heard);
          outgoing.writeHead(status, headers).end(body);
        });
      };
    for (const [index, answer] of echoes.entries()) {
      const url = await serveHttp(echo(answer), authority.issue());
      const env = device.env({ BASEOS_CLOUDLY_URL: url, BALENA_SUPERVISOR_ADDRESS: await serveHttp(echo(answer)) });
      const agent = rig.start(env);
      await agent.logged(/warn.*(?:not-cloudly|join-token-unknown|unavailable)|"level":"warn".*"code"/);
      if (withCommands) {
        await device.runCommands(`echo ${index}`, env, [
          ['status'],
          ['doctor'],
          ['check-supervisor'],
          ['diagnose', '--output', `echo-${index}.tar.gz`],
        ]);
      }
      await agent.end();
      device.evidence.addOutput(`agent ${index}`, agent);
    }
    device.keepFiles();
    expect(device.leaks()).toEqual([]);
  });
});

test('no secret is revealed if somebody put one into the wrong variable', longer, async () => {
  const device = await WatchedDevice.open(rig, 'pretty', unknownToken());
  const { joinToken = '', supervisorKey = '' } = device.secrets;
  const slips: Record<string, string>[] = [
    { BASEOS_CLOUDLY_URL: `https://user:${joinToken}@cloudly.example` },
    { BASEOS_CLOUDLY_URL: `https://cloudly.example/?token=${joinToken}` },
    { BASEOS_NODE_ID: joinToken },
    { BASEOS_JOIN_TOKEN: `${joinToken} ${joinToken}` },
    { BASEOS_JOIN_TOKEN_FILE: joinToken },
    { BASEOS_STATE_PATH: `${joinToken}/` },
    { BASEOS_LOG_LEVEL: supervisorKey },
    { BASEOS_METRICS_LISTEN: joinToken },
    { BALENA_SUPERVISOR_ADDRESS: joinToken },
    { HTTPS_PROXY: `ftp://agent:${device.secrets['proxyPassword']}@proxy.example` },
  ];
  for (const [index, slip] of slips.entries()) {
    await device.runCommands(`slip ${index}`, device.env(slip), [['start'], ['doctor']]);
  }
  device.keepFiles();
  expect(device.leaks()).toEqual([]);
  expect(device.evidence.places.filter((place) => place.startsWith('start'))).toHaveLength(slips.length);
});

interface Echoed {
  status: number;
  headers: Record<string, string>;
  body: string;
}

const issuer = { cloudlyId: 'cloudly-1', serverTime: '2026-11-27T08:00:00Z' };

const echoes: ((heard: string) => Echoed)[] = [
  (heard) => ({
    status: 401,
    headers: { 'content-type': PROBLEM_MEDIA_TYPE },
    body: JSON.stringify(problemDocument({ code: 'join-token-unknown', detail: heard }, issuer)),
  }),
  (heard) => ({ status: 200, headers: { 'content-type': 'text/html' }, body: `<h1>${heard}</h1>` }),
  (heard) => ({
    status: 302,
    headers: { location: `https://login.example/${encodeURIComponent(heard)}` },
    body: heard,
  }),
];

test('a careless program is detected, wherever it puts them', longer, async () => {
  const device = await WatchedDevice.open(rig, 'pretty', await rig.createJoinToken());
  const leaky = ['--import', join(import.meta.dirname, 'leak.mjs')];
  const agent = rig.start(device.env(), leaky);
  await rig.event('heartbeat-received');
  await device.runCommands('leaky', device.env(), [['status']], leaky);
  device.evidence.addProcess('agent', agent);
  device.keepFiles();
  await agent.end();
  device.evidence.addOutput('agent', agent);
  const found = device.leaks().map(({ place, secret, encoding }) => `${place}: ${secret}, ${encoding}`);
  expect(found).toEqual(
    expect.arrayContaining([
      'agent: stderr: joinToken, base64',
      'status (leaky): stderr: joinToken, base64',
      'file cache-status: supervisorKey, reversed',
      'Supervisor: joinToken, plain',
      ...(process.platform === 'linux' ? ['agent: /proc/cmdline: joinToken, plain'] : []),
    ]),
  );
});
