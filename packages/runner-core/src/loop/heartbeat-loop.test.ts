import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { problem, unreachable } from '../../test/fake-cloudly.js';
import { identity, MemoryIdentityStore } from '../../test/memory-identity-store.js';
import { heartbeatOutcomes, registerOutcomes } from '../../test/outcomes.js';
import { simulate } from '../../test/simulation.js';
import { Secret } from '../values/secret.js';

const minute = 60_000;
const hour = 60 * minute;

function enrolledStore(more: object = {}) {
  return new MemoryIdentityStore(identity({ nodeToken: new Secret('stored'), ...more }), 'state-file');
}

describe('a node whose status is refused', () => {
  test('still sends heartbeats if Cloudly refuses a status that changes every time', async () => {
    let changes = 0;
    const hostname = () => `device-${(changes += 1)}`;
    const { runner, clock, cloudly } = simulate({ store: enrolledStore(), fraction: 0, hostname });
    cloudly.onHeartbeat = ({ request }) => (request.status ? heartbeatOutcomes.refused : undefined);
    await runner.start();
    await clock.advance(20 * minute);
    const sent = cloudly.heartbeats.map(({ atMs, request }) => [atMs / minute, request.status ? 'whole' : 'minimal']);
    expect(sent.slice(0, 4)).toEqual([
      [0, 'whole'],
      [5, 'minimal'],
      [6, 'whole'],
      [11, 'minimal'],
    ]);
  });

  test('learns from a minimal probe that it is no longer revoked', async () => {
    const { runner, clock, cloudly } = simulate({ store: enrolledStore(), fraction: 0 });
    cloudly.onHeartbeat = ({ request }) => {
      if (clock.monotonicMs() < hour) return heartbeatOutcomes.revoked;
      return request.status ? heartbeatOutcomes.refused : undefined;
    };
    await runner.start();
    await clock.advance(2 * hour);
    expect(cloudly.heartbeats.map(({ request }) => request.status !== undefined)).toEqual([true, true, false]);
    expect(runner.status().cloudly).toMatchObject({ state: 'registered', problem: { code: 'payload-too-large' } });
  });

  test('keeps sending minimal heartbeats while Cloudly refuses even those', async () => {
    let changes = 0;
    const hostname = () => `device-${(changes += 1)}`;
    const { runner, clock, cloudly } = simulate({ store: enrolledStore(), fraction: 0, hostname });
    cloudly.onHeartbeat = () => heartbeatOutcomes.refused;
    await runner.start();
    await clock.advance(2 * hour);
    expect(cloudly.heartbeats.slice(1).filter(({ request }) => request.status)).toEqual([]);
  });
});

describe('a node that restarts before it was accepted', () => {
  test.each(['state-file', 'last-good-copy'] as const)(
    'spreads its first call if its identity comes from the %s',
    async (source) => {
      const { runner, clock, cloudly } = simulate({
        store: new MemoryIdentityStore(identity(), source),
        fraction: 0.25,
      });
      await runner.start();
      await clock.advance(minute);
      expect(cloudly.registers.map(({ atMs, joinToken }) => [atMs, joinToken])).toEqual([[15_000, 'join-token']]);
    },
  );

  test.each(['generated', 'environment'] as const)('calls at once if its identity is new (%s)', async (source) => {
    const { runner, clock, cloudly } = simulate({ store: new MemoryIdentityStore(identity(), source) });
    await runner.start();
    await clock.advance(minute);
    expect(cloudly.registers.map(({ atMs }) => atMs)).toEqual([0]);
  });

  test('is not told to get a join token if its Cloudly knows it', async () => {
    const store = new MemoryIdentityStore(identity({}), 'state-file');
    const { runner, clock, cloudly, told } = simulate({ store, config: { joinToken: undefined } });
    cloudly.onRegister = () => cloudly.pending(30_000);
    await runner.start();
    expect(runner.status().cloudly).toMatchObject({
      state: 'unregistered',
      problem: { code: 'pending-approval', message: expect.stringContaining('not approved') },
    });
    await clock.advance(minute);
    expect(runner.status().cloudly.state).toBe('pending');
    expect(told().join(' ')).not.toContain('no join token');
    expect(told().join(' ')).toContain('Approval code: ');
  });
});

describe('a revoked node that restarts', () => {
  const at = (url: string) => ({ cloudlyUrl: new URL(url) });

  test.each([
    ['the same URL', 'https://cloudly.example/at/path', 'dormant'],
    ['another path', 'https://cloudly.example/at/another', 'registered'],
  ])('with %s', async (_what, url, state) => {
    const store = enrolledStore();
    const first = simulate({ store, config: at('https://cloudly.example/at/path'), fraction: 0 });
    first.cloudly.onHeartbeat = () => heartbeatOutcomes.revoked;
    await first.runner.start();
    await first.clock.advance(0);
    expect(first.runner.status().cloudly.state).toBe('dormant');

    const second = simulate({ store, config: at(url) });
    await second.runner.start();
    expect(second.runner.status().cloudly.state).toBe(state);
  });
});

describe('a registration', () => {
  test('sets the pace of the heartbeats that follow', async () => {
    const { runner, clock, cloudly } = simulate();
    cloudly.onRegister = ({ request }) => {
      const accepted = cloudly.accepted(request);
      return { ...accepted, answer: { ...accepted.answer, heartbeatIntervalMs: 5 * minute } };
    };
    await runner.start();
    await clock.advance(10 * minute);
    expect(cloudly.heartbeats.map(({ atMs }) => atMs / minute)).toEqual([0, 5, 10]);
  });
});

describe('a node whose tokens its Cloudly does not recognise', () => {
  test('registers slowly even if each registration issues a token that is not recognised', async () => {
    const { runner, clock, cloudly, store, told } = simulate({ store: enrolledStore(), fraction: 0 });
    cloudly.onHeartbeat = () => heartbeatOutcomes['node-token-rejected'];
    await runner.start();
    await clock.advance(hour);
    expect(told()).not.toContain('The problem is resolved.');
    expect(cloudly.registers.length).toBeGreaterThan(5);
    expect(cloudly.registers.length).toBeLessThanOrEqual(12);
    expect(store.writes).toBe(cloudly.registers.length);
  });

  test('returns from a lifted revocation by registering with its key', async () => {
    const { runner, clock, cloudly } = simulate({ store: enrolledStore(), fraction: 0 });
    cloudly.onHeartbeat = ({ nodeToken }) => {
      if (clock.monotonicMs() < 2 * hour) return heartbeatOutcomes.revoked;
      return nodeToken === 'stored' ? heartbeatOutcomes['node-token-rejected'] : undefined;
    };
    await runner.start();
    await clock.advance(3 * hour);
    expect(cloudly.heartbeats.slice(0, 3).map(({ atMs }) => atMs / hour)).toEqual([0, 1, 2]);
    expect(cloudly.registers.map(({ atMs }) => atMs / hour)).toEqual([3]);
    expect(runner.status().cloudly).toMatchObject({ state: 'registered', connectivity: 'connected' });
  });
});

describe('the log', () => {
  test('does not repeat what was logged at start', async () => {
    const store = new MemoryIdentityStore(identity(), 'state-file');
    const { runner, clock, cloudly, lines } = simulate({ store, config: { joinToken: undefined } });
    const code = 'join-token-missing';
    cloudly.onRegister = () => ({ kind: 'join-token-rejected', code, problem: problem(code) });
    await runner.start();
    await clock.advance(hour);
    expect(cloudly.registers.length).toBeGreaterThan(2);
    expect(lines.filter(({ level, fields }) => level === 'warn' && fields?.['code'] === code)).toHaveLength(1);
  });

  test('reports each problem once until Cloudly acknowledges a heartbeat, even if two problems alternate', async () => {
    const { runner, clock, cloudly, lines, told } = simulate({ store: enrolledStore(), fraction: 0 });
    let isOut = true;
    cloudly.onHeartbeat = () => (isOut ? heartbeatOutcomes['node-token-rejected'] : undefined);
    cloudly.onRegister = () => (cloudly.registers.length % 2 === 0 ? unreachable : registerOutcomes['node-id-taken']);
    await runner.start();
    await clock.advance(24 * hour);
    // The clock of these problems is another, which is told without a code.
    const problemsTold = () =>
      lines.filter(({ level }) => level === 'warn').flatMap(({ fields }) => fields?.['code'] ?? []);
    expect(problemsTold()).toEqual(['node-token-unknown', 'node-id-taken', 'unreachable']);
    expect(told().length).toBeLessThan(10);

    isOut = false;
    await clock.advance(hour);
    expect(told()).toContain('The problem is resolved.');
    isOut = true;
    await clock.advance(hour);
    const toldAgain = problemsTold().slice(3);
    expect(toldAgain).toHaveLength(3);
    expect(new Set(toldAgain)).toEqual(new Set(problemsTold().slice(0, 3)));
  });
});

describe('a clock that is wrong', () => {
  const year = 365.25 * 24 * hour;
  const clockLines = (lines: ReturnType<typeof simulate>['lines']) =>
    lines.filter(({ message }) => message.includes("device's clock"));

  test.each([
    [3 * year, /^The device's clock is 3 years ahead of Cloudly's\. .*NTP/],
    [-3 * year, /^The device's clock is 3 years behind Cloudly's\./],
    [-5 * minute, /5 minutes behind/],
  ])('by %i ms is reported once, and its correction too', async (byMs, words) => {
    const { runner, clock, cloudly, lines } = simulate({ store: enrolledStore(), fraction: 0 });
    const serverTime = () => new Date(clock.wallMs() - skewMs).toISOString();
    let skewMs = byMs;
    cloudly.onHeartbeat = () => cloudly.acknowledged({ serverTime: serverTime() });
    await runner.start();
    await clock.advance(hour);
    expect(clockLines(lines)).toEqual([
      { level: 'warn', message: expect.stringMatching(words) as string, fields: { clockSkewMs: byMs } },
    ]);
    expect(runner.status().runtime.vitals?.clockSkewMs).toBe(byMs);
    skewMs = 2000;
    await clock.advance(hour);
    expect(clockLines(lines).slice(1)).toEqual([
      { level: 'info', message: "The device's clock agrees with Cloudly's.", fields: { clockSkewMs: 2000 } },
    ]);
  });

  test('is reported if Cloudly refuses the node or keeps it pending', async () => {
    for (const outcome of ['join-token-rejected', 'pending'] as const) {
      const { runner, clock, cloudly, lines } = simulate({ fraction: 0 });
      const serverTime = () => new Date(clock.wallMs() + 3 * year).toISOString();
      cloudly.onRegister = () => {
        const pending = cloudly.pending(30_000);
        if (outcome === 'pending' && 'answer' in pending) Object.assign(pending.answer, { serverTime: serverTime() });
        return outcome === 'pending'
          ? pending
          : {
              kind: outcome,
              code: 'join-token-unknown',
              problem: problem('join-token-unknown', { serverTime: serverTime() }),
            };
      };
      await runner.start();
      await clock.advance(hour);
      expect(cloudly.registers.length).toBeGreaterThan(2);
      expect(clockLines(lines).map(({ message }) => message)).toEqual([expect.stringContaining('3 years behind')]);
    }
  });

  test('by some seconds, or around a minute, is reported at most once', async () => {
    const { runner, clock, cloudly, lines } = simulate({ store: enrolledStore(), fraction: 0 });
    let calls = 0;
    let skews = [0, 4000, -9000, 59_000, -59_999];
    cloudly.onHeartbeat = () => {
      const skewMs = skews[(calls += 1) % skews.length] ?? 0;
      return cloudly.acknowledged({ serverTime: new Date(clock.wallMs() - skewMs).toISOString() });
    };
    await runner.start();
    await clock.advance(hour);
    expect(clockLines(lines)).toEqual([]);
    skews = [59_000, 61_000];
    await clock.advance(hour);
    expect(clockLines(lines)).toHaveLength(1);
  });
});

describe('an answer of another Cloudly', () => {
  test('sets neither the clock skew, nor the log level, nor commands', async () => {
    const { runner, clock, cloudly, levels, told } = simulate({ store: enrolledStore(), fraction: 0 });
    cloudly.onHeartbeat = () =>
      cloudly.acknowledged({
        cloudlyId: 'cloudly-2',
        serverTime: '2020-01-01T00:00:00Z',
        desiredState: { settings: { logLevel: 'debug' }, commands: [command('reboot')] },
      });
    await runner.start();
    await clock.advance(2 * minute);
    expect(cloudly.heartbeats.length).toBeGreaterThan(2);
    expect(cloudly.heartbeats.some(({ request }) => request.commandResults)).toBe(false);
    expect(cloudly.heartbeats.some(({ request }) => request.vitals.clockSkewMs !== undefined)).toBe(false);
    expect(runner.status().cloudly.lastSuccessAt).toBeUndefined();
    expect(levels).toEqual(['info']);
    expect(told().join(' ')).not.toContain("device's clock");
  });
});

describe('the desired state', () => {
  const desiredState = { settings: { logLevel: 'debug' as const } };

  test('is not applied if the registration that brought it could not be stored', async () => {
    const { runner, clock, cloudly, store, levels } = simulate();
    cloudly.onRegister = ({ request }) => {
      store.failure = cloudly.registers.length === 1 ? 'The disk is full.' : undefined;
      const accepted = cloudly.accepted(request);
      return { ...accepted, answer: { ...accepted.answer, desiredState } };
    };
    await runner.start();
    await clock.advance(0);
    expect(levels).toEqual(['info']);
    await clock.advance(minute);
    expect(cloudly.registers).toHaveLength(2);
    expect(levels).toEqual(['info', 'debug']);
  });

  test('is applied if only a new token could not be stored', async () => {
    const { runner, clock, cloudly, store, levels } = simulate({ store: enrolledStore(), fraction: 0 });
    store.failure = 'The disk is full.';
    cloudly.onHeartbeat = () => cloudly.acknowledged({ nextNodeToken: 'next', desiredState });
    await runner.start();
    await clock.advance(0);
    expect(levels).toEqual(['info', 'debug']);
  });

  test('is logged once per command, however long Cloudly lists it, and without characters unfit for a log', async () => {
    const { runner, clock, cloudly, told } = simulate({ store: enrolledStore(), fraction: 0 });
    const commands = [command('update'), command(`\u0000${'x'.repeat(1000)}`)];
    cloudly.onHeartbeat = () => cloudly.acknowledged({ desiredState: { commands } });
    await runner.start();
    await clock.advance(24 * hour);
    const warnings = told().filter((message) => message.startsWith('Cloudly asks for'));
    expect(warnings).toHaveLength(2);
    expect(warnings[0]).toContain('"update"');
    expect(warnings[1]?.length).toBeLessThan(140);
    expect(warnings[1]).not.toContain('\u0000');
  });
});

function command(kind: string) {
  return { id: randomUUID(), kind, expiresInMs: hour };
}
