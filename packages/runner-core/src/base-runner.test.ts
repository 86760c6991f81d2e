import { problems } from '@serve.zone/baseos-contracts';
import { describe, expect, test, vi } from 'vitest';
import { problem, unreachable } from '../test/fake-cloudly.js';
import { MemoryFileSystem } from '../test/memory-file-system.js';
import { identity, MemoryIdentityStore, nodeId } from '../test/memory-identity-store.js';
import { heartbeatOutcomes, registerOutcomes } from '../test/outcomes.js';
import { simulate, simulatedConfig } from '../test/simulation.js';
import { BaseRunner } from './base-runner.js';
import type { RunnerConfig } from './config/runner-config.js';
import { digestOf } from './identity/environment-token.js';
import type { Identity } from './identity/identity.js';
import { openIdentity } from './store/open-identity.js';
import { Secret } from './values/secret.js';

const minute = 60_000;
const hour = 60 * minute;

function enrolledStore(more: object = {}) {
  return new MemoryIdentityStore(identity({ nodeToken: new Secret('stored'), ...more }), 'state-file');
}

describe('a new node', () => {
  test('registers at once, stores its token, and sends its first heartbeat with it immediately', async () => {
    const { runner, clock, cloudly, store, told } = simulate();
    await runner.start();
    await clock.advance(0);
    expect(cloudly.registers).toMatchObject([{ atMs: 0, joinToken: 'join-token', request: { nodeId } }]);
    expect(store.current.enrolment?.nodeToken?.reveal()).toBe('token-1');
    expect(cloudly.heartbeats).toMatchObject([{ atMs: 0, nodeToken: 'token-1', request: { sequence: 1 } }]);
    expect(runner.status().cloudly).toMatchObject({
      state: 'registered',
      connectivity: 'connected',
      cloudlyId: 'cloudly-1',
    });
    expect(told()).toContain(`Registered with Cloudly at https://cloudly.example/ as node ${nodeId}.`);
  });

  test('reports what is missing when it has no join token, and does not call a Cloudly that cannot know it', async () => {
    const { runner, clock, cloudly, told } = simulate({ config: { joinToken: undefined } });
    await runner.start();
    await clock.advance(hour);
    expect(cloudly.registers).toEqual([]);
    expect(runner.status().cloudly).toMatchObject({
      state: 'unregistered',
      problem: { code: 'join-token-missing', remedy: problems['join-token-missing'].remedy },
      next: undefined,
    });
    expect(told().filter((message) => message.includes('no join token'))).toHaveLength(1);
  });

  test('retries slowly with its key alone when the answer to an earlier registration may have been lost', async () => {
    const store = new MemoryIdentityStore(identity(), 'state-file');
    const { runner, clock, cloudly } = simulate({ store, config: { joinToken: undefined } });
    const rejection = {
      kind: 'join-token-rejected',
      code: 'join-token-missing',
      problem: problem('join-token-missing'),
    } as const;
    cloudly.onRegister = () => (cloudly.registers.length < 3 ? rejection : undefined);
    await runner.start();
    await clock.advance(hour);
    expect(cloudly.registers.map(({ atMs }) => atMs / minute)).toEqual([0.5, 8, 15.5]);
    expect(cloudly.registers[0]?.joinToken).toBeUndefined();
    expect(runner.status().cloudly.state).toBe('registered');
  });

  test('does not register until its identity can be stored', async () => {
    const store = new MemoryIdentityStore();
    store.durable = false;
    store.failure = 'The identity could not be stored: no space is left.';
    store.notices.push({ level: 'error', code: 'state-not-stored', message: store.failure });
    const { runner, clock, cloudly, told } = simulate({ store });
    await runner.start();
    await clock.advance(10 * minute);
    expect(cloudly.registers).toEqual([]);
    expect(runner.status().cloudly.problem?.code).toBe('state-not-stored');
    expect(told().filter((message) => message.includes('no space is left'))).toHaveLength(1);
    store.failure = undefined;
    await clock.advance(5 * minute);
    expect(cloudly.registers).toHaveLength(1);
    expect(runner.status().cloudly.state).toBe('registered');
  });

  test('does not use a token that it could not store: it asks again and gets one for the same node', async () => {
    const { runner, clock, cloudly, store } = simulate();
    cloudly.onRegister = () => {
      store.failure = cloudly.registers.length === 1 ? 'The disk is full.' : undefined;
      return undefined;
    };
    await runner.start();
    await clock.advance(2 * minute);
    expect(cloudly.registers).toHaveLength(2);
    expect(cloudly.registers[0]?.request.registrationKey).toBe(cloudly.registers[1]?.request.registrationKey);
    expect(cloudly.heartbeats[0]?.nodeToken).toBe('token-2');
  });

  test('registers again with the same key when the answer is lost', async () => {
    const { runner, clock, cloudly } = simulate();
    cloudly.onRegister = () => (cloudly.registers.length === 1 ? { kind: 'timeout', timeoutMs: 30_000 } : undefined);
    await runner.start();
    await clock.advance(minute);
    const keys = cloudly.registers.map(({ request }) => [request.nodeId, request.registrationKey]);
    expect(keys).toHaveLength(2);
    expect(keys[0]).toEqual(keys[1]);
  });

  test('reports once that Cloudly is down at start and once that it is back, and backs off in between', async () => {
    const { runner, clock, cloudly, told } = simulate();
    cloudly.onRegister = () => (clock.monotonicMs() < 20 * minute ? unreachable : undefined);
    await runner.start();
    await clock.advance(10 * minute);
    expect(runner.status().cloudly).toMatchObject({
      state: 'unregistered',
      connectivity: 'unreachable',
      problem: { code: 'unreachable', message: 'Cloudly cannot be reached: connection refused.' },
      next: { call: 'register', because: 'backoff 5' },
    });
    await clock.advance(20 * minute);
    expect(cloudly.registers.slice(0, 5).map(({ atMs }) => atMs)).toEqual([0, 45_000, 135_000, 315_000, 540_000]);
    expect(told().filter((message) => message.includes('cannot be reached'))).toHaveLength(1);
    expect(told().filter((message) => message.includes('answers again, after 7 failed calls in 1215 s'))).toHaveLength(
      1,
    );
  });

  test.each(['join-token-unknown', 'join-token-expired', 'join-token-used', 'join-token-revoked'] as const)(
    'reports a bad join token (%s) once and retries slowly',
    async (code) => {
      const { runner, clock, cloudly, told } = simulate();
      cloudly.onRegister = () => ({ kind: 'join-token-rejected', code, problem: problem(code) });
      await runner.start();
      await clock.advance(30 * minute);
      expect(cloudly.registers.map(({ atMs }) => atMs / minute)).toEqual([0, 7.5, 15, 22.5, 30]);
      const { title, remedy } = problems[code];
      expect(runner.status().cloudly).toMatchObject({
        connectivity: 'rejected',
        problem: { code, message: `${title}.`, remedy },
        next: { because: 'slow-pace' },
      });
      expect(told().filter((message) => message.includes(title))).toEqual([`${title}. ${remedy}`]);
    },
  );

  test('shows its approval code while it waits for approval, and calls again when told to', async () => {
    const { runner, clock, cloudly, store, told } = simulate();
    cloudly.onRegister = () => (cloudly.registers.length <= 3 ? cloudly.pending(10_000) : undefined);
    await runner.start();
    await clock.advance(20_000);
    const { approvalCode, state, problem: reason } = runner.status().cloudly;
    expect(state).toBe('pending');
    expect(approvalCode).toMatch(/^[0-9A-Z]{4}(?:-[0-9A-Z]{4}){3}$/);
    expect(reason?.code).toBe('pending-approval');
    expect(told().filter((message) => message.includes(`Approval code: ${approvalCode}`))).toHaveLength(1);
    await clock.advance(20_000);
    expect(cloudly.registers.map(({ atMs }) => atMs)).toEqual([0, 10_500, 21_000, 31_500]);
    expect(runner.status().cloudly).toMatchObject({ state: 'registered', approvalCode: undefined, problem: undefined });
    expect(store.writes).toBe(2);
  });
});

describe('an enrolled node', () => {
  test('spreads its first heartbeat after a restart and does not register again', async () => {
    const { runner, clock, cloudly } = simulate({ store: enrolledStore(), fraction: 0.25 });
    await runner.start();
    await clock.advance(3 * minute);
    expect(cloudly.registers).toEqual([]);
    expect(cloudly.heartbeats.map(({ atMs }) => atMs)).toEqual([15_000, 75_000, 135_000]);
    expect(cloudly.heartbeats.map(({ request }) => request.sequence)).toEqual([1, 2, 3]);
  });

  test('writes nothing to the state directory while it sends heartbeats', async () => {
    const { runner, clock, cloudly, store } = simulate({ store: enrolledStore() });
    await runner.start();
    await clock.advance(24 * hour);
    expect(cloudly.heartbeats).toHaveLength(1440);
    expect(store.writes).toBe(0);
  });

  test('has at most one call in flight, even if Cloudly is slower than the interval', async () => {
    const { runner, clock, cloudly } = simulate({ store: enrolledStore(), config: { heartbeatIntervalMs: 1000 } });
    cloudly.exchangeMs = 10_000;
    await runner.start();
    await clock.advance(hour);
    expect(cloudly.heartbeats.length).toBeGreaterThan(300);
    expect(cloudly.mostAtOnce).toBe(1);
  });

  test('reports a call in flight as in flight, not as due', async () => {
    const { runner, clock, cloudly } = simulate({ store: enrolledStore(), fraction: 0 });
    cloudly.exchangeMs = 20_000;
    await runner.start();
    await clock.advance(10_000);
    expect(runner.status().cloudly.next).toMatchObject({ call: 'heartbeat', underWay: true });
    await clock.advance(10_000);
    expect(runner.status().cloudly.next?.underWay).toBeUndefined();
  });

  test('keeps its pace from turn to turn, however long an answer takes', async () => {
    const { runner, clock, cloudly } = simulate({ store: enrolledStore(), fraction: 0 });
    cloudly.exchangeMs = 20_000;
    await runner.start();
    await clock.advance(3 * minute);
    expect(cloudly.heartbeats.map(({ atMs }) => atMs / minute)).toEqual([0, 1, 2, 3]);
  });

  test.each([-30, 30])('neither stalls nor bursts when its wall clock jumps by %i years', async (years) => {
    const { runner, clock, cloudly } = simulate({ store: enrolledStore(), fraction: 0 });
    await runner.start();
    await clock.advance(5 * minute);
    clock.jumpWall(years * 365 * 24 * hour);
    await clock.advance(5 * minute);
    expect(cloudly.heartbeats.map(({ atMs }) => atMs / minute)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  test('reports how far its clock deviates from Cloudly’s', async () => {
    const { runner, clock, cloudly } = simulate({ store: enrolledStore(), fraction: 0 });
    cloudly.exchangeMs = 2000;
    cloudly.onHeartbeat = () =>
      cloudly.acknowledged({ serverTime: new Date(clock.wallMs() - 1000 - 90_000).toISOString() });
    await runner.start();
    await clock.advance(minute);
    expect(cloudly.heartbeats[1]?.request.vitals.clockSkewMs).toBe(90_000);
    expect(runner.status().runtime.vitals?.clockSkewMs).toBe(90_000);
  });

  test('sends its status once, and again when Cloudly asks for it', async () => {
    const { runner, clock, cloudly } = simulate({ store: enrolledStore(), fraction: 0.5 });
    cloudly.onHeartbeat = () => cloudly.acknowledged({ sendFullStatus: cloudly.heartbeats.length === 3 });
    await runner.start();
    await clock.advance(4 * minute);
    expect(cloudly.heartbeats.map(({ request }) => request.status !== undefined)).toEqual([
      true,
      false,
      false,
      true,
      false,
    ]);
    const [, , third, fourth] = cloudly.heartbeats;
    expect((fourth?.atMs ?? 0) - (third?.atMs ?? 0)).toBe(3000);
  });

  test('sends a minimal heartbeat after Cloudly refused one, and the full status again after an hour', async () => {
    const { runner, clock, cloudly } = simulate({ store: enrolledStore(), fraction: 0 });
    cloudly.onHeartbeat = ({ request }) => (request.status ? heartbeatOutcomes.refused : undefined);
    await runner.start();
    await clock.advance(2 * hour);
    const withStatus = cloudly.heartbeats.filter(({ request }) => request.status);
    expect(withStatus.map(({ atMs }) => atMs / minute)).toEqual([0, 60, 120]);
    expect(cloudly.heartbeats.map(({ atMs }) => atMs / minute).slice(0, 4)).toEqual([0, 5, 6, 7]);
    expect(runner.status().cloudly.problem?.code).toBe('payload-too-large');
  });

  test('follows the interval that Cloudly sets', async () => {
    const { runner, clock, cloudly } = simulate({ store: enrolledStore(), fraction: 0 });
    cloudly.onHeartbeat = () => cloudly.acknowledged({ heartbeatIntervalMs: 5 * minute });
    await runner.start();
    await clock.advance(15 * minute);
    expect(cloudly.heartbeats.map(({ atMs }) => atMs / minute)).toEqual([0, 5, 10, 15]);
    expect(runner.status().configuration['BASEOS_HEARTBEAT_INTERVAL_MS']).toEqual({
      value: 5 * minute,
      source: 'cloudly',
    });
  });

  test('counts failed heartbeats and reports the count to Cloudly once it is back', async () => {
    const { runner, clock, cloudly } = simulate({ store: enrolledStore(), fraction: 0 });
    cloudly.onHeartbeat = () => (cloudly.heartbeats.length <= 3 ? unreachable : undefined);
    await runner.start();
    await clock.advance(10 * minute);
    expect(cloudly.heartbeats.map(({ request }) => request.vitals.failedHeartbeats).slice(0, 5)).toEqual([
      0, 1, 2, 3, 0,
    ]);
    expect(cloudly.heartbeats[3]?.request.status).toBeDefined();
  });

  test('waits at least as long as Retry-After says', async () => {
    const { runner, clock, cloudly } = simulate({ store: enrolledStore(), fraction: 0 });
    cloudly.onHeartbeat = () =>
      cloudly.heartbeats.length === 1
        ? { kind: 'rate-limited', status: 429, retryAfterMs: 7 * minute, problem: problem('rate-limited') }
        : undefined;
    await runner.start();
    await clock.advance(8 * minute);
    expect(cloudly.heartbeats.map(({ atMs }) => atMs / minute)).toEqual([0, 7, 8]);
  });

  test('survives a connector that throws', async () => {
    const { runner, clock, cloudly } = simulate({ store: enrolledStore(), fraction: 0 });
    cloudly.onHeartbeat = () => {
      if (cloudly.heartbeats.length === 1) throw new Error('a defect');
      return undefined;
    };
    await runner.start();
    await clock.advance(minute);
    expect(runner.status().cloudly.heartbeatsAcknowledged).toBe(1);
  });
});

describe('tokens', () => {
  test('are tried one per turn after a rejection: new, old, the environment’s, then registration', async () => {
    const store = enrolledStore({ previousNodeToken: new Secret('old') });
    const { runner, clock, cloudly } = simulate({
      store,
      config: { nodeToken: new Secret('environment') },
      fraction: 0,
    });
    cloudly.onHeartbeat = ({ nodeToken }) =>
      nodeToken.startsWith('token-') ? undefined : heartbeatOutcomes['node-token-rejected'];
    await runner.start();
    await clock.advance(7 * minute);
    expect(cloudly.heartbeats.map(({ nodeToken }) => nodeToken)).toEqual([
      'stored',
      'old',
      'environment',
      'token-1',
      'token-1',
    ]);
    // A node whose tokens are all unknown is in no hurry to register: a person has to look at it, more often than not.
    expect(cloudly.heartbeats.map(({ atMs }) => atMs / minute)).toEqual([0, 0.5, 1, 6, 7]);
  });

  test('do not include the one in the environment if it belongs to another node', async () => {
    const nodeToken = new Secret('environment');
    const foreign = { environmentTokenDigest: digestOf(nodeToken), environmentTokenIsForeign: true };
    const { runner, clock, cloudly } = simulate({ store: enrolledStore(foreign), config: { nodeToken }, fraction: 0 });
    cloudly.onHeartbeat = () => heartbeatOutcomes['node-token-rejected'];
    cloudly.onRegister = () => registerOutcomes['join-token-rejected'];
    await runner.start();
    await clock.advance(hour);
    expect(new Set(cloudly.heartbeats.map((heartbeat) => heartbeat.nodeToken))).toEqual(new Set(['stored']));
  });

  test('are retried slowly when the registration is refused too, and the identity stays', async () => {
    const store = enrolledStore();
    const { runner, clock, cloudly, told } = simulate({ store, fraction: 0 });
    cloudly.onHeartbeat = () => heartbeatOutcomes['node-token-rejected'];
    cloudly.onRegister = () => registerOutcomes['join-token-rejected'];
    await runner.start();
    await clock.advance(20 * minute);
    expect(cloudly.heartbeats.map(({ atMs }) => atMs / minute)).toEqual([0, 10, 20]);
    expect(cloudly.registers.map(({ atMs }) => atMs / minute)).toEqual([5, 15]);
    expect(store.current).toEqual(identity({ nodeToken: new Secret('stored') }));
    expect(store.writes).toBe(0);
    expect(runner.status().cloudly.state).toBe('registered');
    expect(told().some((message) => message.includes(problems['node-token-unknown'].title))).toBe(true);
  });

  test('rotate when Cloudly issues a new one: it is stored first, used next, and the old one is dropped once it works', async () => {
    const { runner, clock, cloudly, store } = simulate({ store: enrolledStore(), fraction: 0 });
    cloudly.onHeartbeat = ({ nodeToken }) =>
      nodeToken === 'stored' ? cloudly.acknowledged({ nextNodeToken: 'next' }) : undefined;
    await runner.start();
    await clock.advance(0);
    expect(store.current.enrolment?.nodeToken?.reveal()).toBe('next');
    expect(store.current.enrolment?.previousNodeToken?.reveal()).toBe('stored');
    await clock.advance(2 * minute);
    expect(cloudly.heartbeats.map(({ nodeToken }) => nodeToken)).toEqual(['stored', 'next', 'next']);
    expect(store.current.enrolment?.previousNodeToken).toBeUndefined();
    expect(store.writes).toBe(2);
  });

  test('do not rotate while the new one cannot be stored', async () => {
    const { runner, clock, cloudly, store } = simulate({ store: enrolledStore(), fraction: 0 });
    cloudly.onHeartbeat = () => cloudly.acknowledged({ nextNodeToken: 'next' });
    store.failure = 'The disk is full.';
    await runner.start();
    await clock.advance(3 * minute);
    expect(cloudly.heartbeats.map(({ nodeToken }) => nodeToken)).toEqual(['stored', 'stored', 'stored', 'stored']);
    expect(runner.status().cloudly).toMatchObject({ connectivity: 'connected', problem: { code: 'state-not-stored' } });
  });
});

describe('a revoked node', () => {
  test('goes silent except for one probe an hour, and stays silent after a restart', async () => {
    const store = enrolledStore();
    const first = simulate({ store, fraction: 0 });
    first.cloudly.onHeartbeat = () => heartbeatOutcomes.revoked;
    await first.runner.start();
    await first.clock.advance(3 * hour);
    expect(first.cloudly.heartbeats.map(({ atMs }) => atMs / hour)).toEqual([0, 1, 2, 3]);
    expect(first.told().filter((message) => message.includes(problems['node-revoked'].title))).toHaveLength(1);
    expect(store.writes).toBe(1);

    const second = simulate({ store, fraction: 0.5 });
    await second.runner.start();
    expect(second.runner.status().cloudly).toMatchObject({ state: 'dormant', problem: { code: 'node-revoked' } });
    await second.clock.advance(minute);
    expect(second.cloudly.heartbeats[0]).toMatchObject({ atMs: 30_000, nodeToken: 'stored' });
    expect(second.runner.status().cloudly).toMatchObject({ state: 'registered', problem: undefined });
    expect(store.current.enrolment?.dormancy).toBeUndefined();
  });

  test.each([
    ['join token', { joinToken: new Secret('another') }],
    ['URL', { cloudlyUrl: new URL('https://cloudly.example/other') }],
  ])('wakes at the next start if the %s has changed', async (_what, change) => {
    const store = enrolledStore();
    const first = simulate({ store, fraction: 0 });
    first.cloudly.onHeartbeat = () => heartbeatOutcomes.revoked;
    await first.runner.start();
    await first.clock.advance(0);
    const second = simulate({ store, config: change });
    await second.runner.start();
    expect(second.runner.status().cloudly.state).toBe('registered');
  });

  test('probes by registering if it was revoked when it registered', async () => {
    const store = new MemoryIdentityStore(identity({}), 'state-file');
    const { runner, clock, cloudly } = simulate({ store, fraction: 0 });
    cloudly.onRegister = () => (cloudly.registers.length <= 2 ? registerOutcomes.revoked : undefined);
    await runner.start();
    await clock.advance(2 * hour);
    expect(cloudly.registers.map(({ atMs }) => atMs / hour)).toEqual([0, 1, 2]);
    expect(runner.status().cloudly.state).toBe('registered');
  });
});

describe('a legacy Cloudly', () => {
  test('gets the full status every time, sets the log level, and sends no commands', async () => {
    const { runner, clock, cloudly, levels, store } = simulate();
    const desiredState = { settings: { logLevel: 'debug' as const }, commands: [command('reboot')] };
    cloudly.onRegister = () => registerOutcomes['accepted-legacy'];
    cloudly.onHeartbeat = () => ({ kind: 'accepted-legacy', answer: { desiredState } });
    await runner.start();
    await clock.advance(2 * minute);
    expect(cloudly.heartbeats).toHaveLength(3);
    expect(cloudly.heartbeats.every(({ request, legacy }) => request.status && legacy)).toBe(true);
    expect(cloudly.heartbeats.some(({ request }) => request.commandResults)).toBe(false);
    expect(levels.at(-1)).toBe('debug');
    expect(store.writes).toBe(1);

    cloudly.onHeartbeat = () => undefined;
    await clock.advance(2 * minute);
    expect(cloudly.heartbeats.map(({ legacy }) => legacy)).toEqual([true, true, true, true, false]);
    expect(store.current.enrolment).toMatchObject({ legacy: false, cloudlyId: 'cloudly-1' });
  });
});

function command(kind: string) {
  return { id: '9a1b2c3d-0000-4000-8000-000000000001', kind, expiresInMs: hour };
}

describe('the desired state', () => {
  test('sets the log level until Cloudly no longer sets one', async () => {
    const { runner, clock, cloudly, levels } = simulate({ store: enrolledStore(), fraction: 0 });
    cloudly.onHeartbeat = () =>
      cloudly.acknowledged({
        desiredState: cloudly.heartbeats.length === 1 ? { settings: { logLevel: 'debug' } } : {},
      });
    await runner.start();
    await clock.advance(0);
    expect(runner.status().configuration['BASEOS_LOG_LEVEL']).toEqual({ value: 'debug', source: 'cloudly' });
    await clock.advance(minute);
    expect(levels).toEqual(['info', 'debug', 'info']);
  });

  test('has each command answered with "unsupported" until Cloudly accepts that answer', async () => {
    const { runner, clock, cloudly } = simulate({ store: enrolledStore(), fraction: 0 });
    cloudly.onHeartbeat = () =>
      [cloudly.acknowledged({ desiredState: { commands: [command('update')] } }), unreachable, cloudly.acknowledged()][
        cloudly.heartbeats.length - 1
      ];
    await runner.start();
    await clock.advance(5 * minute);
    const results = [{ id: command('update').id, outcome: 'unsupported', error: { code: 'unsupported' } }];
    expect(cloudly.heartbeats.slice(0, 4).map(({ request }) => request.commandResults)).toMatchObject([
      undefined,
      results,
      results,
      undefined,
    ]);
  });
});

describe('a failing part', () => {
  test('is a publisher that rejects: it is called again at every step, and the failure is logged once', async () => {
    let published = 0;
    const publish = async () => {
      published += 1;
      throw new Error('no room');
    };
    const { runner, clock, cloudly, told } = simulate({
      store: enrolledStore(),
      publisher: { publish, withdraw: publish },
      fraction: 0,
    });
    await runner.start();
    await clock.advance(3 * minute);
    expect(cloudly.heartbeats).toHaveLength(4);
    expect(published).toBeGreaterThanOrEqual(4);
    expect(told().filter((message) => message.includes('could not be published'))).toHaveLength(1);
    await runner.stop();
  });

  test.each([
    [
      'throws',
      () => {
        throw new Error('EPIPE');
      },
    ],
    ['rejects', async () => Promise.reject(new Error('EPIPE'))],
  ])(
    'is a logger that %s: heartbeats continue, and the agent releases the directory at the end',
    async (_how, fail) => {
      const logger = { error: fail, warn: fail, info: fail, debug: fail, setLevel: fail };
      const store = enrolledStore();
      store.notices.push({ level: 'warn', code: 'kept-aside', message: 'Something about the identity.' });
      const { runner, clock, cloudly } = simulate({ store, logger, fraction: 0 });
      await runner.start();
      await clock.advance(2 * minute);
      expect(cloudly.heartbeats).toHaveLength(3);
      await runner.stop();
      expect(store.isClosed).toBe(true);
    },
  );
});

describe('an identity that cannot be read', () => {
  const statePath = '/data/baseos/state.json';
  const refuse = (code: string) => (call: string) => (call === 'readFile' ? code : undefined);

  const simulateOn = (fileSystem: MemoryFileSystem, changes: Partial<RunnerConfig> = {}) => {
    const config = simulatedConfig({ statePath, ...changes });
    const clock = { sleep: async () => undefined, wallMs: () => 0 };
    const lockDirectory = async () => ({ release: async () => undefined });
    return simulate({
      config,
      fraction: 0,
      openIdentity: async (options) => openIdentity({ config, fileSystem, clock, lockDirectory, ...options }),
    });
  };

  const legacyDisk = () =>
    new MemoryFileSystem().put(statePath, JSON.stringify({ nodeId: 'old-node', nodeToken: 'old-token' }));

  test.each(['EACCES', 'EMFILE'])(
    'because of %s is used as soon as it becomes readable, without a restart',
    async (code) => {
      const fileSystem = legacyDisk();
      fileSystem.fault = refuse(code);
      const { runner, clock, cloudly } = simulateOn(fileSystem);
      cloudly.knownTokens.add('old-token');
      await runner.start();
      await clock.advance(10 * minute);
      expect([...cloudly.registers, ...cloudly.heartbeats]).toEqual([]);
      fileSystem.fault = () => undefined;
      await clock.advance(minute);
      await vi.waitFor(async () => {
        await clock.advance(1);
        expect(cloudly.heartbeats).toHaveLength(1);
      });
      expect(cloudly.registers).toEqual([]);
      expect(cloudly.heartbeats[0]).toMatchObject({ nodeToken: 'old-token', request: { nodeId: 'old-node' } });
      expect(runner.status().cloudly).toMatchObject({ state: 'registered', nodeId: 'old-node', problem: undefined });
      await runner.stop();
    },
  );

  test.each([undefined, new Secret('join-token')])(
    'is the only problem reported, once, and with its fix',
    async (joinToken) => {
      const fileSystem = legacyDisk();
      fileSystem.fault = refuse('EACCES');
      const { runner, clock, told } = simulateOn(fileSystem, { joinToken });
      await runner.start();
      await clock.advance(10 * minute);
      expect(told().filter((message) => !/^BaseRunner|Supervisor/.test(message))).toEqual([
        expect.stringMatching(/state\.json cannot be read: .*chown/),
      ]);
      const { problem: reason, ...cloudly } = runner.status().cloudly;
      expect([cloudly.nodeId, cloudly.next]).toEqual([undefined, undefined]);
      expect(reason).toMatchObject({
        code: 'state-not-readable',
        message: expect.stringMatching(/retries on its own; no restart is needed/),
        remedy: expect.stringMatching(/chown/),
      });
      await runner.stop();
    },
  );

  test('is replaced by its older copy for now, and the heartbeat count continues with the newer one', async () => {
    const fileSystem = legacyDisk();
    const before = simulateOn(fileSystem, { cloudlyUrl: undefined }).runner;
    await before.start();
    await before.stop();
    fileSystem.fault = (call, path) => (call === 'readFile' && path === statePath ? 'EMFILE' : undefined);
    const { runner, clock, cloudly, told } = simulateOn(fileSystem);
    cloudly.knownTokens.add('old-token');
    await runner.start();
    await clock.advance(2.5 * minute);
    fileSystem.fault = () => undefined;
    await clock.advance(minute);
    await vi.waitFor(async () => {
      await clock.advance(1);
      expect(cloudly.heartbeats.map(({ request }) => request.sequence)).toEqual([1, 2, 3, 4]);
    });
    expect(told()).toContain('The identity can be read now. The agent opens it again.');
    await runner.stop();
  });

  test('is closed if the agent stops while it is being reopened', async () => {
    const unread = Object.assign(new MemoryIdentityStore(undefined, 'unreadable'), {
      unreadable: {
        problem: { code: 'closed-to-owner', message: 'It cannot be read.', remedy: 'Open it.' },
        isOver: async () => true,
      },
    });
    let opened = 0;
    const { runner, clock } = simulate({
      openIdentity: async ({ signal }) => {
        if ((opened += 1) === 1) return unread;
        return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('stopped'))));
      },
    });
    await runner.start();
    await clock.advance(2 * minute);
    expect(opened).toBe(2);
    expect(unread.isClosed).toBe(true);
    await runner.stop();
  });
});

describe('what the identity reports', () => {
  test('is logged, even if it happens later', async () => {
    const { runner, told } = simulate({
      openIdentity: async ({ onNotice }) => {
        const store = new MemoryIdentityStore();
        store.notices.push({ level: 'warn', code: 'kept-aside', message: 'found at the start' });
        setImmediate(() => onNotice({ level: 'warn', code: 'kept-aside', message: 'found later' }));
        return store;
      },
    });
    await runner.start();
    await new Promise((resolve) => setImmediate(resolve));
    expect(told()).toEqual(expect.arrayContaining(['found at the start', 'found later']));
  });
});

describe('without a Cloudly', () => {
  test('the agent runs, observes its device, and reports what is missing', async () => {
    const { runner, clock, told } = simulate({ config: { cloudlyUrl: undefined }, connector: undefined });
    await runner.start();
    await clock.advance(5 * minute);
    expect(runner.status().cloudly).toMatchObject({
      state: 'not-configured',
      problem: { code: 'not-configured', remedy: expect.stringContaining('BASEOS_CLOUDLY_URL') },
      next: undefined,
    });
    expect(runner.status().runtime.vitals?.agentUptimeMs).toBe(5 * minute);
    expect(told().filter((message) => message.includes('BASEOS_CLOUDLY_URL'))).toHaveLength(1);
  });

  test('the agent asks for a connector if a URL is configured', () => {
    expect(
      () => new BaseRunner({ config: simulatedConfig(), openIdentity: async () => new MemoryIdentityStore() }),
    ).toThrow(TypeError);
  });
});

describe('stop', () => {
  test.each([
    ['not started', async () => simulate()],
    ['waiting', async () => begun(simulate({ store: enrolledStore() }))],
    ['without Cloudly', async () => begun(simulate({ config: { cloudlyUrl: undefined } }))],
    [
      'dormant',
      async () => {
        const simulation = simulate({ store: enrolledStore() });
        simulation.cloudly.onHeartbeat = () => heartbeatOutcomes.revoked;
        return begun(simulation, 2 * minute);
      },
    ],
    [
      'backing off',
      async () => {
        const simulation = simulate();
        simulation.cloudly.onRegister = () => unreachable;
        return begun(simulation, minute);
      },
    ],
  ])('ends an agent that is %s at once and leaves no timer behind', async (_state, begin) => {
    const { runner, clock } = await begin();
    await runner.stop();
    await runner.closed;
    expect(clock.sleeping).toBe(0);
  });

  test('lets a call in flight finish within 500 ms and stores its result', async () => {
    const { runner, clock, cloudly, store } = simulate();
    cloudly.exchangeMs = 10_000;
    await runner.start();
    await clock.advance(9700);
    const stopped = runner.stop();
    await clock.advance(300);
    await stopped;
    expect(store.current.enrolment?.nodeToken?.reveal()).toBe('token-1');
    expect(cloudly.heartbeats).toEqual([]);
    expect(store.isClosed).toBe(true);
  });

  test('aborts the call at once when called a second time', async () => {
    const { runner, clock, cloudly, store } = simulate();
    cloudly.exchangeMs = 10_000;
    await runner.start();
    await clock.advance(5000);
    let isStopped = false;
    const stopped = Promise.all([runner.stop(), runner.stop()]).then(() => (isStopped = true));
    await clock.advance(1);
    expect(isStopped).toBe(true);
    await stopped;
    expect(store.isClosed).toBe(true);
  });

  test('aborts a call that takes longer', async () => {
    const { runner, clock, cloudly, store } = simulate();
    cloudly.exchangeMs = 10_000;
    await runner.start();
    await clock.advance(5000);
    let isStopped = false;
    const stopped = runner.stop().then(() => (isStopped = true));
    await clock.advance(499);
    expect(isStopped).toBe(false);
    await clock.advance(1);
    await stopped;
    expect(store.current.enrolment).toBeUndefined();
    expect(clock.sleeping).toBe(0);
  });

  test('does not wait for a connector that never settles', async () => {
    const { runner, clock } = simulate({
      connector: {
        register: async () => new Promise(() => undefined),
        heartbeat: async () => new Promise(() => undefined),
      },
    });
    await runner.start();
    await clock.advance(minute);
    const stopped = runner.stop();
    await clock.advance(500);
    await expect(stopped).resolves.toBeUndefined();
  });

  const hanging = async (): Promise<never> => new Promise(() => undefined);

  test.each<[string, Partial<Parameters<typeof simulate>[0]> & object]>([
    ['publishing', { publisher: { publish: hanging, withdraw: async () => undefined } }],
    ['withdrawing its status', { publisher: { publish: async () => undefined, withdraw: hanging } }],
    ['opening the identity', { openIdentity: hanging }],
    ['storing the identity', { store: Object.assign(new MemoryIdentityStore(), { update: hanging }) }],
    ['closing the store', { store: Object.assign(new MemoryIdentityStore(), { close: hanging }) }],
  ])('does not wait for a disk that hangs while %s', async (_what, options) => {
    const simulation = simulate(options);
    const started = simulation.runner.start();
    await simulation.clock.advance(minute);
    const stopped = simulation.runner.stop();
    await simulation.clock.advance(1500);
    await stopped;
    await started;
    expect(simulation.clock.sleeping).toBe(0);
  });

  test('removes its status if the store hangs, and releases the directory if removing the status hangs', async () => {
    let withdrawn = 0;
    const withdraw = async () => void (withdrawn += 1);
    const hung = Object.assign(new MemoryIdentityStore(), { update: hanging });
    const first = await begun(simulate({ store: hung, publisher: { publish: async () => undefined, withdraw } }));
    const firstStopped = first.runner.stop();
    await first.clock.advance(1500);
    await firstStopped;
    expect(withdrawn).toBe(1);

    const store = enrolledStore();
    const second = await begun(simulate({ store, publisher: { publish: hanging, withdraw } }));
    const secondStopped = second.runner.stop();
    await second.clock.advance(1500);
    await secondStopped;
    expect(store.isClosed).toBe(true);
  });

  test('releases an identity that finishes opening after everyone stopped waiting', async () => {
    const store = new MemoryIdentityStore();
    let open: (opened: MemoryIdentityStore) => void = () => undefined;
    const { runner, clock, cloudly } = simulate({
      openIdentity: async () => new Promise((resolve) => (open = resolve)),
    });
    const started = runner.start();
    const stopped = runner.stop();
    await clock.advance(1500);
    await Promise.all([started, stopped]);
    open(store);
    await clock.advance(minute);
    expect(store.isClosed).toBe(true);
    expect(cloudly.registers).toEqual([]);
  });

  test('ends a wait for another agent: start resolves and nothing runs', async () => {
    const waiting: string[] = [];
    const { runner } = simulate({
      openIdentity: async ({ signal, onWait }) =>
        new Promise((_resolve, reject) => {
          onWait('Another agent holds the state directory.');
          waiting.push('once');
          signal.addEventListener('abort', () => reject(signal.reason as Error));
        }),
    });
    const started = runner.start();
    await runner.stop();
    await started;
    expect(waiting).toHaveLength(1);
    expect(runner.status().cloudly).toMatchObject({ state: 'unregistered', connectivity: 'unknown' });
  });

  test('may be called again, and a later start does nothing', async () => {
    const { runner, cloudly } = simulate();
    await Promise.all([runner.stop(), runner.stop()]);
    await runner.start();
    expect(cloudly.registers).toEqual([]);
  });
});

async function begun(simulation: ReturnType<typeof simulate>, forMs = 1000) {
  await simulation.runner.start();
  await simulation.clock.advance(forMs);
  return simulation;
}

describe('start', () => {
  test('fails if the identity cannot be opened, and closes the agent', async () => {
    const failure = new Error('BASEOS_NODE_TOKEN belongs to no known node.');
    const { runner } = simulate({ openIdentity: async () => Promise.reject(failure) });
    await expect(runner.start()).rejects.toBe(failure);
    await expect(runner.closed).resolves.toBeUndefined();
  });

  test('releases the identity if a later step fails', async () => {
    const store = new MemoryIdentityStore({ nodeId } as Identity);
    const { runner } = simulate({ store });
    await expect(runner.start()).rejects.toThrow(TypeError);
    expect(store.isClosed).toBe(true);
    await expect(runner.closed).resolves.toBeUndefined();
  });

  test('runs once, however often it is called', async () => {
    const { runner, clock, cloudly } = simulate();
    await Promise.all([runner.start(), runner.start()]);
    await clock.advance(0);
    expect(cloudly.registers).toHaveLength(1);
  });
});
