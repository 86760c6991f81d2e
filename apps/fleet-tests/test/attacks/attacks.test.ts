import { once } from 'node:events';
import { connect } from 'node:net';
import { endpointUrl } from '@serve.zone/baseos-contracts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CloudlyServer } from '../../src/processes/cloudly-server.js';
import type { Database } from '../../src/database/database.js';
import { createSqliteDatabase } from '../../src/database/sqlite-database.js';
import { createEmulatedNode } from '@serve.zone/baseos-testing/nodes/emulated-node';
import { post } from '../../src/load/exchange.js';
import { Program } from '@serve.zone/baseos-testing/processes/program';
import { buildCloudly, type BuiltCli } from '../build-clis.js';
import type { Attack, Loot } from './attack.js';
import { attacks } from './attacks.js';
import { oddRegistration } from './odd-registration.js';
import { sqlInjection } from './request-bytes.js';
import { slowAttacks } from './slow-attacks.js';
import { exchangeRaw, type RawAnswer } from './raw-exchange.js';

const TIMEOUT_MS = 60_000;

let cli: BuiltCli;
let database: Database;
let server: CloudlyServer;
let loot: Loot;
let goodHeartbeat: () => Promise<number>;
let slow: Map<string, Promise<RawAnswer>>;
let before: unknown;

beforeAll(async () => {
  [cli, database] = await Promise.all([buildCloudly(), createSqliteDatabase()]);
  server = await CloudlyServer.start({ cliPath: cli.path, storage: database.storage });
  const { stdout } = await operator('join-token', 'create', '--uses', '100');
  const joinToken = /BASEOS_JOIN_TOKEN=(\S+)/.exec(stdout)?.[1] ?? '';
  const [good, victim, stranger] = [createEmulatedNode(), createEmulatedNode(), createEmulatedNode()];
  const [goodToken, , strangersToken] = await Promise.all(
    [good, victim, stranger].map(async (node) => enrol(node.registration(), joinToken)),
  );
  loot = { victim, joinToken, strangersToken: strangersToken ?? '' };
  goodHeartbeat = async () => {
    const url = endpointUrl(server.url, 'heartbeat');
    return (await post(url, { token: goodToken ?? '', message: good.heartbeat() })).status;
  };
  await goodHeartbeat();
  before = await identities();
  // Slow attacks begin at once.
  slow = new Map(slowAttacks.map((attack) => [attack.name, attackWith(attack)]));
}, TIMEOUT_MS);

afterAll(async () => {
  await server?.kill();
  await database?.remove();
});

async function operator(...argv: string[]): Promise<Program> {
  const command = new Program([cli.path, ...argv, ...database.storage]);
  await command.exited;
  return command;
}

async function enrol(message: object, joinToken: string): Promise<string> {
  const { body } = await post(endpointUrl(server.url, 'register'), { token: joinToken, message });
  return String(body['nodeToken']);
}

/** Everything about each node, except what its heartbeats change. */
async function identities(): Promise<unknown> {
  const nodes = JSON.parse((await operator('node', 'list', '--json')).stdout) as { nodeId: string }[];
  return Promise.all(nodes.map(({ nodeId }) => identityOf(nodeId)));
}

async function identityOf(nodeId: string): Promise<unknown> {
  const shown = JSON.parse((await operator('node', 'show', nodeId, '--json')).stdout) as Record<string, unknown>;
  const changing = new Set(['lastHeartbeat', 'lastHeartbeatAt', 'quietSince', 'vitals', 'runningCommand', 'events']);
  return Object.fromEntries(Object.entries(shown).filter(([name]) => !changing.has(name)));
}

let attackCount = 0;

/** Each has its own source address, because Cloudly limits requests per address. */
async function attackWith({ bytes }: Attack): Promise<RawAnswer> {
  attackCount += 1;
  return exchangeRaw(server.url, bytes(loot), process.platform === 'linux' ? `127.2.0.${attackCount}` : undefined);
}

test.for(attacks)('$name: rejected with its code, and a good node is served', async (attack) => {
  const answer = await attackWith(attack);
  const [status, code] = attack.refusal;
  const isCutOff = attack.mayBeCutOff === true && answer.answers === 0;
  expect(isCutOff || answer).toEqual(isCutOff || { status, code, answers: 1 });
  expect(await goodHeartbeat()).toBe(200);
});

test.for(slowAttacks)(
  '$name: abandoned, and a good node is served',
  { timeout: TIMEOUT_MS },
  async ({ name, refusal }) => {
    expect(await goodHeartbeat()).toBe(200);
    const [status, code] = refusal;
    expect(await slow.get(name)).toEqual({ status, code, answers: 1 });
  },
);

test('none of the attacks has changed anything', async () => {
  expect(await identities()).toEqual(before);
  expect(server.process.isRunning).toBe(true);
});

test('hundreds of silent connections lock nobody out', { timeout: TIMEOUT_MS }, async () => {
  const { hostname: host, port } = new URL(server.url);
  const idle = Array.from({ length: 500 }, () => connect({ host, port: Number(port) }));
  await Promise.all(idle.map((socket) => once(socket, 'connect')));
  expect(await goodHeartbeat()).toBe(200);
  for (const socket of idle) socket.destroy();
});

test('SQL in every string, and keys that are names of JavaScript, are stored as they are', async () => {
  const registration = oddRegistration();
  expect(await enrol(registration, loot.joinToken)).toMatch(/^bnt_/);
  const shown = JSON.parse((await operator('node', 'show', registration.nodeId, '--json')).stdout) as {
    status: object;
  };
  expect(shown.status).toMatchObject({ agent: registration.status.agent, device: registration.status.device });
  expect((await operator('node', 'forget', registration.nodeId)).stderr).toContain('is forgotten');
  expect(await identities()).toEqual(before);
});

test('SQL on an operator’s command line is not an ID', async () => {
  const revoked = await operator('join-token', 'revoke', sqlInjection);
  expect(await revoked.exited).toMatchObject({ code: 1 });
  expect(await identities()).toEqual(before);
  expect(await goodHeartbeat()).toBe(200);
});
