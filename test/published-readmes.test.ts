import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, relative } from 'node:path';
import process from 'node:process';
import { createSupervisor } from '@serve.zone/balena-supervisor-emulator';
import { type StandaloneCloudly, startStandaloneCloudly } from '@serve.zone/baseos-cloudly-standalone';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isSkipped, unlessInstalled } from '../packages/cloudly-handlers/test/fixtures/postgres-server.js';
import { publishedPackages, root } from '../scripts/published-packages.mjs';
import { checkResults } from './readme-runs/check-results.js';
import { linkOthers } from './readme-runs/link-others.js';
import { runSnippet } from './readme-runs/run-snippet.js';
import { serveFleet } from './readme-runs/serve-fleet.js';
import { findSnippet, snippetsOf } from './readme-runs/snippets.js';
import { shareResource } from './shared-resources/shared-resource.js';

const TIMEOUT_MS = 120_000;

/** Where the snippets' programs find each other, in place of what they name. */
let folder: string;
let cloudly: StandaloneCloudly;
let fleetServer: Awaited<ReturnType<typeof serveFleet>>;
const home = mkdtempSync(join(tmpdir(), 'baseos-published-readmes-'));
const supervisor = createSupervisor();
let supervisorServer: Awaited<ReturnType<typeof supervisor.listen>>;
/** What is called once the node of this ID has registered. */
const onRegistered = new Map<string, () => void>();

beforeAll(async () => {
  folder = join(await shareResource('installed-packages'), 'published-readmes');
  mkdirSync(folder);
  linkOthers(folder);
  for (const name of ['backups', 'locks/7/main']) mkdirSync(join(home, name), { recursive: true });
  cloudly = await startStandaloneCloudly({
    databasePath: join(home, 'cloudly.sqlite'),
    onHandled: (event) => {
      if (event.kind === 'node-registered') onRegistered.get(event.nodeId)?.();
    },
  });
  const { joinToken } = await cloudly.createJoinToken({ uses: 10 });
  writeFileSync(join(home, 'join-token'), joinToken);
  supervisorServer = await supervisor.listen();
  fleetServer = await serveFleet('secret');
}, 300_000);

afterAll(async () => {
  await cloudly.close();
  fleetServer.close();
  await supervisorServer.close();
  rmSync(home, { recursive: true, force: true });
});

interface Example {
  readme: string;
  /** What only this snippet has in it. */
  words: string;
  /** A program's lines before and after it. */
  before?: string;
  after?: string;
  /** What it writes, among other things. */
  writes?: string[];
  /** It runs until it is stopped: once it has written the last of that, or once a node of it has registered. */
  runsUntil?: 'written' | 'registered';
}

const contracts = 'packages/contracts/README.md';
const emulator = 'packages/supervisor-emulator/README.md';
const connector = 'packages/cloudly-connector/README.md';
const core = 'packages/runner-core/README.md';
const handlers = 'packages/cloudly-handlers/README.md';
const fleetApi = 'packages/fleet-api/README.md';
const baserunner = 'apps/baserunner/README.md';

/** A node of this ID waits for approval in the fleet that operators work on. */
const waitingNode = `
{
  const { createCloudlyHandlers, createJoinToken } = await import('@serve.zone/baseos-cloudly-handlers');
  const { openSqliteStore } = await import('@serve.zone/baseos-cloudly-handlers/sqlite');
  const { default: request } = await import('@serve.zone/baseos-contracts/examples/register-request.json', { with: { type: 'json' } });
  const store = openSqliteStore('/var/lib/cloudly/fleet.sqlite');
  const { fetch } = createCloudlyHandlers({ store, cloudlyId: await store.cloudlyId() });
  const { joinToken } = await createJoinToken(store, { uses: 1, requiresApproval: true });
  const headers = { authorization: 'Bearer ' + joinToken, 'content-type': 'application/json' };
  const answer = await fetch(new Request('http://c/baseos/v1/nodes/register', { method: 'POST', headers, body: JSON.stringify(request) }));
  console.log('registered with', answer.status);
  store.close();
}`;

const examples: Record<string, Example> = {
  'a handler of heartbeats': {
    readme: contracts,
    words: 'parseHeartbeatRequest({ method',
    after: `
const { default: message } = await import('@serve.zone/baseos-contracts/examples/heartbeat-request.json', { with: { type: 'json' } });
const send = (authorization) => heartbeat(new Request('http://cloudly/', {
  method: 'POST', headers: { authorization, 'content-type': 'application/json' }, body: JSON.stringify(message),
}), (token) => token === 'right');
console.log('answers', (await send('Bearer wrong')).status, (await send('Bearer right')).status);`,
    writes: [': heartbeat ', 'answers 401 200'],
  },
  'a schema in ajv': {
    readme: contracts,
    words: 'Ajv2020',
    after: `
const { default: answer } = await import('@serve.zone/baseos-contracts/examples/heartbeat-answer.json', { with: { type: 'json' } });
console.log(isHeartbeatAnswer(answer), isHeartbeatAnswer({}));`,
    writes: ['true false'],
  },
  'an emulated update': {
    readme: emulator,
    words: 'v1/update`, { method',
    writes: ['as shown: 202', 'update_pending'],
  },
  'locks as files': { readme: emulator, words: 'lockFiles', writes: ['as shown: main', 'as shown: undefined'] },
  'a clock that cannot sleep': {
    readme: emulator,
    words: 'now += 5200',
    writes: ["stage: 'downloading'", 'as shown: new'],
  },
  'a clock that is advanced': {
    readme: emulator,
    words: 'clock.advance(300)',
    writes: ['as shown: Stopping', 'as shown: 200'],
  },
  'a release that waits behind a lock': {
    readme: emulator,
    words: 'clock.advance(6000)',
    writes: ['as shown: new'],
  },
  'the emulator in msw': {
    readme: emulator,
    words: 'msw/node',
    after: `
console.log('answers', (await fetch('http://127.0.0.1:48484/v1/device?apikey=' + supervisor.apiKey)).status);
server.close();`,
    writes: ['answers 200'],
  },
  'a registration': {
    readme: connector,
    words: 'join-token-rejected',
    before: `
const { readFileSync } = await import('node:fs');
const { default: request } = await import('@serve.zone/baseos-contracts/examples/register-request.json', { with: { type: 'json' } });`,
    after: `
console.log('token', await enrol(request, readFileSync('/run/secrets/join-token', 'utf8')));
const stranger = { ...request, nodeId: 'stranger' };
console.log(await enrol(stranger, 'bjt_wrong').catch(({ message }) => message));`,
    writes: ['token bnt_', 'create a new join token in Cloudly'],
  },
  'another transport': {
    readme: connector,
    words: 'fetch: globalThis.fetch',
    after: `console.log((await cloudly.presence()).kind);`,
    writes: ['present'],
  },
  'the agent with settings of its own': {
    readme: core,
    words: 'process.once',
    writes: ['unregistered'],
    runsUntil: 'registered',
  },
  'a Cloudly on node:http': {
    readme: handlers,
    words: 'onHandled: (event) => console.log(event.kind',
    writes: ['BASEOS_JOIN_TOKEN=bjt_'],
    runsUntil: 'written',
  },
  'the handlers in web servers': {
    readme: handlers,
    words: 'expressMiddleware(handlers.fetch)',
    after: `console.log('mounted');`,
    writes: ['mounted'],
  },
  'a fleet for operators': {
    readme: handlers,
    words: 'createFleet({',
    before: waitingNode,
    after: `console.log('done', done, failed, skipped);`,
    writes: ['registered with 202', 'role-insufficient You need the role admin', 'done 1 0 0'],
  },
  'what operators do': {
    readme: handlers,
    words: 'freezeJoinTokens',
    before: waitingNode,
    after: `console.log('left', (await store.listNodes({ limit: 100 })).length);`,
    writes: ['registered with 202', 'left 0'],
  },
  'the behaviours of a store': { readme: handlers, words: 'nodeStoreBehaviours', writes: ['fail 0'] },
  'a backup': {
    readme: handlers,
    words: 'backUpSqliteFleet',
    before: waitingNode,
    after: `console.log('taken', restored.backupTakenAtMs() > 0);`,
    writes: ['taken true'],
  },
  'the API of a fleet': {
    readme: fleetApi,
    words: 'nodeListener(api.fetch)',
    after: `
await new Promise((resolve) => server.once('listening', resolve));
const summary = 'http://127.0.0.1:' + server.address().port + '/api/v1/summary';
const send = async (token) => (await fetch(summary, { headers: { authorization: 'Bearer ' + token } })).status;
console.log('answers', await send('secret'), await send('guess'));
server.close();`,
    writes: ['answers 200 401'],
  },
  'the client of a fleet': {
    readme: fleetApi,
    words: 'createFleetClient({',
    writes: ['1\n', 'node-unknown There is no node gate-7 List the nodes'],
  },
  'the API of a fleet with curl': {
    readme: fleetApi,
    words: 'api=https://fleet.example',
    writes: [
      '"pending":1',
      '"nodeId":"gate-1"',
      '"hasChanged":true',
      '"labels":{"site":"berlin"}',
      '"code":"revision-changed"',
      '"kind":"blink"',
      '"nodeCount":1',
      '"kind":"node-approved"',
      'id,name,state,label.site\ngate-1,North gate,',
    ],
  },
  'the agent as a command': { readme: baserunner, words: 'export BASEOS_JOIN_TOKEN', runsUntil: 'registered' },
  'the agent as a library': { readme: baserunner, words: 'await runner.stop()', writes: ['registered'] },
};

const onPostgres: Example = {
  readme: handlers,
  words: 'openPostgresStore',
  after: `console.log('opened and closed');`,
  writes: ['opened and closed'],
};

const postgresOfReadme = 'postgres://cloudly@db.example:5432/cloudly?sslmode=verify-full';

/** A snippet with places of this machine in the place of those that it names; each has a fleet of its own. */
async function localized(code: string, file: string): Promise<string> {
  const fleet = join(home, 'fleets', file);
  mkdirSync(fleet, { recursive: true });
  const { joinToken } = await cloudly.createJoinToken({ uses: 1 });
  const postgresUrl = code.includes(postgresOfReadme) ? await shareResource('postgres') : '';
  return code
    .replaceAll(postgresOfReadme, postgresUrl)
    .replaceAll('https://cloudly.example', cloudly.url)
    .replaceAll('https://fleet.example', fleetServer.url)
    .replaceAll('bjt_...', joinToken)
    .replaceAll('/run/secrets/', `${home}/`)
    .replaceAll('/var/lib/cloudly', fleet)
    .replaceAll('/backups', `${home}/backups`)
    .replaceAll('/tmp/locks', `${home}/locks`)
    .replaceAll('8080', '0')
    .replaceAll(/^baserunner$/gm, 'exec baserunner');
}

async function run(
  name: string,
  { readme, words, before = '', after = '', writes = [], runsUntil }: Example,
): Promise<string> {
  const { language, code } = findSnippet(readme, words);
  const file = name.replaceAll(/\W+/g, '-');
  const whole = language === 'sh' ? code : checkResults([before, code, after].join('\n'));
  const registered = runsUntil === 'registered' && new Promise<void>((resolve) => onRegistered.set(file, resolve));
  const device = join(home, file);
  return runSnippet(
    { language, code: await localized(whole, file) },
    {
      folder,
      name: file,
      env: {
        PATH: [join(folder, '../node_modules/.bin'), process.env['PATH']].join(delimiter),
        HOME: device,
        BASEOS_CLOUDLY_URL: cloudly.url,
        CLOUDLY_TOKEN: 'secret',
        BASEOS_NODE_ID: file,
        BASEOS_STATE_PATH: join(device, 'state.json'),
        BASEOS_RUN_PATH: join(device, 'run'),
        BASEOS_START_SPREAD_MS: '0',
        BALENA_SUPERVISOR_ADDRESS: supervisorServer.address,
        BALENA_SUPERVISOR_API_KEY: supervisor.apiKey,
      },
      ...(runsUntil && { until: registered || (writes.at(-1) ?? '') }),
    },
  );
}

function missing({ writes = [] }: Example, output: string): string[] {
  return writes.filter((written) => !output.includes(written));
}

test('each snippet of the README of each published package is run', () => {
  const ofClient = 'packages/supervisor-client/README.md';
  const readmes = publishedPackages()
    .map((each) => `${relative(root, each.folder)}/README.md`)
    .filter((readme) => readme !== ofClient);
  const all = [...Object.values(examples), onPostgres];
  const ran = all.map(({ readme, words }) => `${readme}: ${findSnippet(readme, words).code}`);
  const found = readmes.flatMap((readme) => snippetsOf(readme).map(({ code }) => `${readme}: ${code}`));
  expect(ran.toSorted()).toEqual(found.toSorted());
});

describe.concurrent('the README of a published package shows what runs with the installed packages:', () => {
  test.each(Object.entries(examples))(
    '%s',
    async (name, example) => {
      expect(missing(example, await run(name, example))).toEqual([]);
    },
    TIMEOUT_MS,
  );

  test.skipIf(isSkipped)(`a fleet in PostgreSQL${unlessInstalled}`, { timeout: TIMEOUT_MS }, async () => {
    expect(missing(onPostgres, await run('a fleet in PostgreSQL', onPostgres))).toEqual([]);
  });
});
