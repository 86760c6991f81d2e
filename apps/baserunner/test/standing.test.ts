import { mkdtempSync, rmSync } from 'node:fs';
import type * as Promises from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Environment,
  gatherNodeFacts,
  lookAtIdentity,
  nextRequestReport,
  observeDevice,
  parseConfig,
  type StoredIdentity,
} from '@serve.zone/baseos-runner-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import {
  aDirectory,
  cloudly,
  newJoinToken,
  oldJoinToken,
  placeStoredFiles,
  storedNodeId,
  type StoredFiles,
  storedStates,
} from '../../../packages/runner-core/test/stored-states.js';
import { examine } from '../src/doctor/examine.js';
import type { Finding } from '../src/doctor/finding.js';
import { gatherDocuments } from '../src/diagnose/gather-documents.js';

// Whatever is stored and whatever the environment says: doctor, status and status --wire tell the same of the node, each by
// itself and in an archive of diagnose. What the agent itself tells is held against status in runner-core.

// The machine's temporary folder may be in memory, which doctor reports first.
vi.mock('node:fs/promises', async (load) => {
  const real = await load<typeof Promises>();
  const ext4 = 0xef_53;
  const statfs = async (_path: string, options?: { bigint?: boolean }): Promise<object> =>
    Object.assign(await real.statfs(tmpdir(), options), { type: options?.bigint === true ? BigInt(ext4) : ext4 });
  return { ...real, statfs };
});

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'baserunner-standing-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The connection to Cloudly does not concern this test: it fails at once. */
const offline = { lookup: async () => Promise.reject(Object.assign(new Error('offline'), { code: 'ENOTFOUND' })) };

function place(name: string, files: StoredFiles): string {
  return placeStoredFiles(join(folder, name), files);
}

const url = `${cloudly}/at/path`;
const moved = { BASEOS_CLOUDLY_URL: 'https://moved.example', BASEOS_CLOUDLY_MOVED_FROM: cloudly };

const environments: Record<string, Environment> = {
  'no Cloudly': {},
  'no join token': { BASEOS_CLOUDLY_URL: url },
  'the old join token': { BASEOS_CLOUDLY_URL: url, BASEOS_JOIN_TOKEN: oldJoinToken },
  'the new join token': { BASEOS_CLOUDLY_URL: url, BASEOS_JOIN_TOKEN: newJoinToken },
  'a malformed join token': { BASEOS_CLOUDLY_URL: url, BASEOS_JOIN_TOKEN: 'two words' },
  'a moved Cloudly': moved,
  'a moved Cloudly and a join token': { ...moved, BASEOS_JOIN_TOKEN: newJoinToken },
  'another Cloudly': { BASEOS_CLOUDLY_URL: 'https://another.example' },
  'another node ID': { BASEOS_CLOUDLY_URL: url, BASEOS_NODE_ID: 'other-node' },
  'a node token': { BASEOS_CLOUDLY_URL: url, BASEOS_NODE_TOKEN: 'environment-token' },
};

function environment(settings: Environment, statePath: string): Environment {
  return {
    ...settings,
    BASEOS_STATE_PATH: statePath,
    BASEOS_RUN_PATH: join(folder, 'run'),
    BALENA_DEVICE_UUID: 'device-1',
  };
}

function joinTokenOf({ checks }: { checks: readonly Finding[] }): Finding | undefined {
  return checks.find(({ check }) => check === 'join token');
}

describe.each(Object.entries(storedStates))('%s', (name, files) => {
  test.each(Object.entries(environments))('with %s is reported in the same way by all', async (_what, settings) => {
    const env = environment(settings, place(name, files));
    const parsed = parseConfig(env);
    const { standing, mistakes } = await lookAtIdentity(parsed.ok ? parsed.config : parsed.usable);
    const { status, nextRequest, doctor } = await gatherDocuments(env, offline);

    const told = {
      state: status?.cloudly.state,
      problem: status?.cloudly.problem?.code,
      approvalCode: status?.cloudly.approvalCode,
      cloudlyId: status?.cloudly.cloudlyId,
      // With errors in the settings no agent starts, so none calls.
      call: mistakes.needed.length > 0 ? undefined : nextRequest?.call,
    };
    expect(told).toEqual({
      state: standing.state,
      problem: standing.state === 'not-configured' ? 'not-configured' : standing.problem?.code,
      approvalCode: standing.approvalCode,
      cloudlyId: standing.cloudlyId,
      call: mistakes.needed.length > 0 ? undefined : (standing.call ?? 'none'),
    });

    const { verdict, facts = {} } = joinTokenOf(doctor) ?? {};
    const isMalformed = !['none', 'foreign', 'well-formed'].includes(String(facts['form']));
    expect({ node: facts['node'], fails: verdict === 'fail' }).toEqual(
      verdict === 'skip'
        ? { node: undefined, fails: false }
        : {
            node: standing.state,
            fails:
              ['join-token-missing', 'node-revoked'].includes(standing.problem?.code ?? '') ||
              (isMalformed && verdict === 'fail'),
          },
    );
  });
});

describe('doctor says what the agent does with the join token for', () => {
  test.each<[string, Environment, string, string]>([
    [
      'a node that was revoked under the old join token',
      { BASEOS_CLOUDLY_URL: url, BASEOS_JOIN_TOKEN: newJoinToken },
      'registered',
      'warn',
    ],
    [
      'a node that was revoked under the old join token',
      { BASEOS_CLOUDLY_URL: url, BASEOS_JOIN_TOKEN: oldJoinToken },
      'dormant',
      'fail',
    ],
    ['an enrolled node', moved, 'registered', 'pass'],
    ['nothing', { BASEOS_CLOUDLY_URL: url }, 'unregistered', 'fail'],
    ['an enrolled node', { BASEOS_CLOUDLY_URL: url, BASEOS_NODE_ID: 'other-node' }, 'unregistered', 'fail'],
    ['an enrolled node', { BASEOS_CLOUDLY_URL: url, BASEOS_NODE_ID: storedNodeId }, 'registered', 'pass'],
  ])('%s with %j: %s', async (name, settings, state, verdict) => {
    const report = await examine(environment(settings, place(name, storedStates[name] ?? {})), offline);
    const { facts, ...finding } = joinTokenOf(report) ?? {};
    expect(facts).toMatchObject({ node: state });
    expect(finding).toMatchObject({ verdict });
  });
});

describe('status and doctor report the agent’s use of the stored state, for', () => {
  test.each<[what: string, stored: string, settings: Environment, code: string, words: RegExp]>([
    [
      'another node ID',
      'an enrolled node',
      { BASEOS_CLOUDLY_URL: url, BASEOS_NODE_ID: 'other-node' },
      'identity-replaced',
      /of node stored-node is not used because BASEOS_NODE_ID is other-node\./,
    ],
    [
      'a copied disk',
      'the copy of the disk of another device',
      { BASEOS_CLOUDLY_URL: url },
      'identity-replaced',
      /is not used because it was made on device device-0 and this is device-1/,
    ],
    [
      'another Cloudly',
      'an enrolled node',
      { BASEOS_CLOUDLY_URL: 'https://another.example' },
      'enrolment-changed',
      /The enrolment with https:\/\/cloudly\.example is not used/,
    ],
  ])('%s', async (what, stored, settings, code, words) => {
    const env = environment(settings, place(`change: ${what}`, storedStates[stored] ?? {}));
    const parsed = parseConfig(env);
    const { changes } = await lookAtIdentity(parsed.ok ? parsed.config : parsed.usable);
    expect(changes).toEqual([expect.objectContaining({ code, remedy: expect.any(String) as string })]);
    const { status, doctor } = await gatherDocuments(env, offline);
    expect(status?.notices).toContainEqual(
      expect.objectContaining({ message: expect.stringMatching(words) as string }),
    );
    expect(doctor.checks.find(({ check }) => check === 'state file')).toMatchObject({
      verdict: 'warn',
      message: expect.stringMatching(words) as string,
      remedy: changes[0]?.remedy,
    });
  });
});

test.each([
  ['BALENA_SUPERVISOR_ADDRESS', '127.0.0.1:48484'],
  ['BALENA_SUPERVISOR_API_KEY', 'two words'],
])('an invalid %s is never reported as unset', async (variable, value) => {
  const supervisor = { BALENA_SUPERVISOR_ADDRESS: 'http://127.0.0.1:9', BALENA_SUPERVISOR_API_KEY: 'key' };
  const env = environment({ ...supervisor, [variable]: value }, place(`mistaken ${variable}`, {}));
  const { status, doctor, supervisor: reads } = await gatherDocuments(env, offline);
  expect(status?.supervisor).toMatchObject({ reason: status?.mistakes[0]?.message });
  expect(status?.mistakes[0]?.variable).toBe(variable);
  expect(JSON.stringify([status, doctor, reads])).not.toContain(`${variable} is not set`);
});

test('status --wire reports files this user may not read as status does, and not as a problem of the agent', async () => {
  const env = environment({ BASEOS_CLOUDLY_URL: url }, place('denied', { state: aDirectory }));
  const parsed = parseConfig(env);
  const facts = await gatherNodeFacts(parsed.ok ? parsed.config : parsed.usable);
  const denial = {
    level: 'error',
    code: 'state-denied',
    message: 'The state belongs to user 0, not to user 1.',
    remedy: 'Run this command as user 0.',
  } as const;
  const stored: StoredIdentity = { source: 'unreadable', isDenied: true, notices: [denial] };
  const { notices } = await nextRequestReport({ ...facts, identity: { ...facts.identity, stored } }, async () =>
    observeDevice(facts.config, {}),
  );
  expect(notices).toEqual([
    { code: 'no-call-due', message: `No call is due. ${denial.message}`, remedy: denial.remedy },
  ]);
});
test.each([
  ['a balenaOS device', { BALENA_DEVICE_UUID: 'device-1' }, /^BALENA_SUPERVISOR_ADDRESS is not set/],
  ['another machine', { BALENA_DEVICE_UUID: undefined }, /^This is not a balenaOS device/],
])('status and doctor give the same reason for a missing Supervisor on %s', async (what, device, words) => {
  const env = { ...environment({}, place(`no Supervisor on ${what}`, {})), ...device };
  const { status, doctor } = await gatherDocuments(env, offline);
  expect(status?.supervisor).toMatchObject({ state: 'not-configured', reason: expect.stringMatching(words) as string });
  expect(doctor.checks.find(({ check }) => check === 'Supervisor address')?.message).toMatch(words);
});

test('facts about the stored identity are not warnings', async () => {
  const env = environment(moved, place('moved, to be known', storedStates['an enrolled node'] ?? {}));
  const { checks } = await examine(env, offline);
  expect(checks.find(({ check }) => check === 'state file')).toMatchObject({
    verdict: 'pass',
    message: expect.stringContaining('is used with https://moved.example') as string,
  });
});

test.each<[check: string, what: string, stored: string, settings: Environment, facts: object]>([
  ['Cloudly', 'no Cloudly', 'nothing', {}, { code: 'not-configured' }],
  ['configuration', 'a malformed URL', 'nothing', { BASEOS_CLOUDLY_URL: 'x' }, { code: 'invalid-configuration' }],
  ['join token', 'no token', 'nothing', { BASEOS_CLOUDLY_URL: url }, { code: 'join-token-missing' }],
  ['join token', 'a wait', 'a node that waits for approval', { BASEOS_CLOUDLY_URL: url }, { code: 'pending-approval' }],
  ['state file', 'damage', 'two damaged files', {}, { codes: ['identity-lost'] }],
])('doctor has the problem’s code in the facts of %s, with %s', async (name, what, stored, settings, facts) => {
  const env = environment(settings, place(`code of ${name}, ${what}`, storedStates[stored] ?? {}));
  const { checks } = await examine(env, offline);
  expect(checks.find(({ check }) => check === name)?.facts).toMatchObject(facts);
});
