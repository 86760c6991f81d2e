import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MemoryFileSystem } from '../../test/memory-file-system.js';
import { simulate } from '../../test/simulation.js';
import {
  aDirectory,
  cloudly,
  newJoinToken,
  oldJoinToken,
  placeStoredFiles,
  storedNodeId,
  type StoredFiles,
  storedStates,
} from '../../test/stored-states.js';
import { configFromEnv, readableConfigFromEnv } from '../config/config-from-env.js';
import type { Environment } from '../config/parse-config.js';
import { isBaseRunnerError } from '../config/runner-error.js';
import { openIdentity } from '../store/open-identity.js';
import { lookAtIdentity } from './look-at-identity.js';
import { reportNextRequest } from './report-next-request.js';
import { reportStatus } from './report-status.js';

// Whatever is stored and whatever the environment says: everything that tells where the node stands tells the same.

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'standing-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const addresses: Record<string, Environment> = {
  'no Cloudly': {},
  'its Cloudly': { BASEOS_CLOUDLY_URL: `${cloudly}/at/path` },
  'a moved Cloudly': {
    BASEOS_CLOUDLY_URL: 'https://moved.example',
    BASEOS_CLOUDLY_MOVED_FROM: cloudly,
  },
  'another Cloudly': { BASEOS_CLOUDLY_URL: 'https://another.example' },
};

const tokens: Record<string, Environment> = {
  'no join token': {},
  'the old join token': { BASEOS_JOIN_TOKEN: oldJoinToken },
  'the new join token': { BASEOS_JOIN_TOKEN: newJoinToken },
  'a join token that is malformed': { BASEOS_JOIN_TOKEN: 'two words' },
  'a join token in a file that is gone': { BASEOS_JOIN_TOKEN_FILE: '/nowhere/join-token' },
};

const nodes: Record<string, Environment> = {
  'its own node ID': { BASEOS_NODE_ID: storedNodeId },
  'another node ID': { BASEOS_NODE_ID: 'other-node' },
  'another node ID and a join token': { BASEOS_NODE_ID: 'other-node', BASEOS_JOIN_TOKEN: newJoinToken },
  'a malformed node ID': { BASEOS_NODE_ID: 'shop 3' },
  'a node token': { BASEOS_NODE_TOKEN: 'environment-token' },
  'a node token and another node ID': { BASEOS_NODE_TOKEN: 'environment-token', BASEOS_NODE_ID: 'other-node' },
  'a malformed node token': { BASEOS_NODE_TOKEN: 'two words' },
};

const environments: Record<string, Environment> = Object.fromEntries([
  ...Object.entries(addresses).flatMap(([address, url]) =>
    Object.entries(tokens).map(([token, joinToken]) => [`${address} and ${token}`, { ...url, ...joinToken }]),
  ),
  ...Object.entries(nodes).map(([node, settings]) => [
    `its Cloudly and ${node}`,
    { ...addresses['its Cloudly'], ...settings },
  ]),
]) as Record<string, Environment>;

/** The state of the node, as one of them reports it. */
interface Told {
  state: string;
  call: string | undefined;
  problem: string | undefined;
  /** Of a node that is made at the start there is none before. */
  nodeId: string | undefined;
  cloudlyId: string | undefined;
  approvalCode: string | undefined;
}

const givenIds: ReadonlySet<string | undefined> = new Set([
  storedNodeId,
  'other-node',
  'kitchen-pi',
  '8f14e45f-ceea-467f-a9e2-7b1d6c0f3a55',
]);

function given(nodeId: string | undefined): string | undefined {
  return givenIds.has(nodeId) ? nodeId : undefined;
}

function environmentOf(settings: Environment, statePath: string): Environment {
  return {
    ...settings,
    BASEOS_STATE_PATH: statePath,
    BASEOS_RUN_PATH: join(folder, 'run'),
    BALENA_DEVICE_UUID: 'device-1',
  };
}

function place(name: string, files: StoredFiles): string {
  return placeStoredFiles(join(folder, name), files);
}

function diskWith(statePath: string, { state, copy }: StoredFiles): MemoryFileSystem {
  const disk = new MemoryFileSystem();
  if (state !== undefined) disk.put(statePath, state === aDirectory ? '' : state);
  if (copy !== undefined) disk.put(`${statePath}.last-good`, copy);
  if (state === aDirectory)
    disk.fault = (call, path) => (call === 'readFile' && path === statePath ? 'EISDIR' : undefined);
  return disk;
}

/** As the agent reports it before its first call, and after that had no answer. */
async function observeAgent(
  environment: Environment,
  files: StoredFiles,
): Promise<{ before: Told; after: Told } | 'does not start'> {
  try {
    const config = configFromEnv(environment);
    const fileSystem = diskWith(config.statePath, files);
    const lockDirectory = async () => ({ release: async () => undefined });
    const {
      runner,
      clock,
      cloudly: server,
    } = simulate({
      config,
      fraction: 0.5,
      openIdentity: async (options) => openIdentity({ config, fileSystem, lockDirectory, ...options }),
    });
    const noAnswer = { kind: 'timeout', timeoutMs: 1 } as const;
    server.onRegister = () => noAnswer;
    server.onHeartbeat = () => noAnswer;
    const tell = (): Told => {
      const { state, next, problem, nodeId, cloudlyId, approvalCode } = runner.status().cloudly;
      return { state, call: next?.call, problem: problem?.code, nodeId: given(nodeId), cloudlyId, approvalCode };
    };
    await runner.start();
    const before = tell();
    await clock.advance(45_000);
    const after = tell();
    await runner.stop();
    return { before, after };
  } catch (error) {
    if (!isBaseRunnerError(error)) throw error;
    return 'does not start';
  }
}

async function observeStatus(environment: Environment): Promise<Omit<Told, 'call'> & { isMistaken: boolean }> {
  const { cloudly: told, mistakes } = await reportStatus(environment);
  const { state, problem, nodeId, cloudlyId, approvalCode } = told;
  return { state, problem: problem?.code, nodeId, cloudlyId, approvalCode, isMistaken: mistakes.length > 0 };
}

/** As `doctor` and `diagnose` take it. */
async function observeLook(environment: Environment): Promise<Told> {
  const { standing } = await lookAtIdentity(readableConfigFromEnv(environment));
  const { state, call, problem, nodeId, cloudlyId, approvalCode } = standing;
  return { state, call, problem: problem?.code, nodeId, cloudlyId, approvalCode };
}

async function observeWire(environment: Environment): Promise<Pick<Told, 'call' | 'nodeId'> | 'does not start'> {
  try {
    const { call, request } = await reportNextRequest(environment);
    const { nodeId } = (request?.body ?? {}) as { nodeId?: string };
    return { call: call === 'none' ? undefined : call, nodeId: given(nodeId) };
  } catch (error) {
    if (!isBaseRunnerError(error)) throw error;
    return 'does not start';
  }
}

/** What each of them reports if they all agree. */
function agreed(look: Told, isMistaken: boolean) {
  const { call, nodeId, state, ...others } = look;
  const told = isMistaken ? { ...look, call: undefined, problem: 'invalid-configuration' } : look;
  const problem = call && state !== 'dormant' ? 'timeout' : told.problem;
  return {
    look: told,
    status: { state, nodeId, ...others, problem: told.problem, isMistaken },
    wire: isMistaken ? 'does not start' : { call, nodeId: call && nodeId },
    agent: isMistaken ? 'does not start' : { before: told, after: { ...told, problem } },
  };
}

describe.each(Object.entries(storedStates))('of %s', (stored, files) => {
  let statePath: string;
  beforeAll(() => {
    statePath = place(stored, files);
  });

  test.each(Object.entries(environments))('with %s, all agree', async (_name, settings) => {
    const environment = environmentOf(settings, statePath);
    const look = await observeLook(environment);
    const status = await observeStatus(environment);
    const wire = await observeWire(environment);
    const agent = await observeAgent(environment, files);
    expect({ look, status, wire, agent }).toEqual(agreed(look, agent === 'does not start'));
  });
});

describe('where the reports once contradicted each other', () => {
  const here = addresses['its Cloudly'];
  test.each<[what: string, stored: string, settings: Environment | undefined, expected: Partial<Told>]>([
    [
      'a node that was revoked under an old join token and has a new one',
      'a node that was revoked under the old join token',
      { ...here, BASEOS_JOIN_TOKEN: newJoinToken },
      { state: 'registered', call: 'heartbeat', nodeId: storedNodeId, problem: undefined },
    ],
    [
      'an enrolled node whose Cloudly moved',
      'an enrolled node',
      addresses['a moved Cloudly'],
      { state: 'registered', call: 'heartbeat', cloudlyId: 'c1', problem: undefined },
    ],
    [
      'a new node without a join token',
      'nothing',
      here,
      { state: 'unregistered', call: undefined, nodeId: undefined, problem: 'join-token-missing' },
    ],
    [
      'another node ID than the enrolled one',
      'an enrolled node',
      { ...here, BASEOS_NODE_ID: 'other-node' },
      { state: 'unregistered', call: undefined, nodeId: 'other-node', problem: 'join-token-missing' },
    ],
    [
      'the disk of another device',
      'the copy of the disk of another device',
      { ...here, BASEOS_JOIN_TOKEN: newJoinToken },
      { state: 'unregistered', call: 'register', nodeId: undefined, cloudlyId: undefined },
    ],
    [
      'an identity that cannot be read',
      'a directory in the place of the state file',
      here,
      { state: 'unknown', call: undefined, nodeId: undefined, problem: 'state-not-readable' },
    ],
  ])('%s', async (what, stored, settings, expected) => {
    const statePath = place(what, storedStates[stored] ?? {});
    expect(await observeLook(environmentOf(settings ?? {}, statePath))).toMatchObject(expected);
  });
});
