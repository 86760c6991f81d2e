import type { WakeOutcome } from '@serve.zone/baseos-cloudly-connector';
import type { Command, HeartbeatAnswer } from '@serve.zone/baseos-contracts';
import { describe, expect, test } from 'vitest';
import { problem } from '../../test/fake-cloudly.js';
import { identity, MemoryIdentityStore } from '../../test/memory-identity-store.js';
import { simulate } from '../../test/simulation.js';
import type { BaseRunner } from '../base-runner.js';
import { Secret } from '../values/secret.js';

const minute = 60_000;
const hour = 60 * minute;
const waitMs = 50_000;

interface Wait {
  atMs: number;
  nodeToken: string;
  end: (outcome: WakeOutcome) => void;
}

/** An agent that runs at a Cloudly whose waits a test ends. The first heartbeat is sent when this resolves. */
async function setUp(options: Parameters<typeof simulate>[0] = {}, answer: () => Partial<HeartbeatAnswer> = offered) {
  const store = new MemoryIdentityStore(identity({ nodeToken: new Secret('stored') }), 'state-file');
  const set = simulate({ store, ...options, config: { startSpreadMs: 0, ...options.config } });
  const { cloudly, clock, runner } = set;
  const waits: Wait[] = [];
  let atOnce = 0;
  const most = { atOnce: 0 };
  let onWait: (wait: Wait) => void = () => undefined;
  cloudly.onHeartbeat = () => cloudly.acknowledged(answer());
  cloudly.wake = async ({ nodeToken, signal }) => {
    atOnce += 1;
    most.atOnce = Math.max(most.atOnce, atOnce);
    const outcome = await new Promise<WakeOutcome>((resolve) => {
      signal?.addEventListener('abort', () => resolve({ kind: 'aborted' }));
      const token = typeof nodeToken === 'function' ? nodeToken() : nodeToken;
      const wait = { atMs: clock.monotonicMs(), nodeToken: token, end: resolve };
      waits.push(wait);
      onWait(wait);
    });
    atOnce -= 1;
    return outcome;
  };
  await runner.start();
  await clock.advance(0);
  return {
    ...set,
    waits,
    most,
    /** Ends each wait from now on as a server does: after some time. */
    endEach: (outcome: (wait: Wait) => WakeOutcome, afterMs = 0) => {
      onWait = (wait) => void clock.sleep(afterMs, new AbortController().signal).then(() => wait.end(outcome(wait)));
    },
    heartbeatsAtMs: () => cloudly.heartbeats.map(({ atMs }) => atMs),
  };
}

function offered(): Partial<HeartbeatAnswer> {
  return { wake: { waitMs } };
}

const entries = { protocol: 1, cloudlyId: 'cloudly-1', serverTime: '2026-11-23T16:00:00Z' } as const;
const woken: WakeOutcome = { kind: 'woken', answer: { ...entries, wake: true } };
const notWoken: WakeOutcome = { kind: 'not-woken', answer: { ...entries, wake: false } };

describe('a node that Cloudly offers to wake', () => {
  test('waits with its token beside its heartbeats, one request at a time', async () => {
    const { waits, most, clock, endEach, heartbeatsAtMs, runner } = await setUp();
    expect(waits).toMatchObject([{ atMs: 0, nodeToken: 'stored' }]);
    endEach(() => notWoken, waitMs);
    waits[0]?.end(notWoken);
    await clock.advance(10 * minute);
    expect(waits.length).toBeGreaterThan(8);
    expect(most.atOnce).toBe(1);
    expect(heartbeatsAtMs()).toEqual(Array.from({ length: 11 }, (_, count) => count * minute));
    await runner.stop();
  });

  test('sends a heartbeat within a second when it is woken, and waits again five seconds later', async () => {
    const commands: Command[] = [];
    const answer = () => ({ ...offered(), desiredState: { commands } });
    const { waits, clock, heartbeatsAtMs } = await setUp({}, answer);
    await clock.advance(20_000);
    commands.push({ id: '7d0c8a55-2e5d-4b39-8a8f-6f6a0f1d9c01', kind: 'sing', expiresInMs: hour });
    waits[0]?.end(woken);
    await clock.advance(1000);
    expect(heartbeatsAtMs()).toContain(20_500);
    await clock.advance(4000);
    expect(waits).toHaveLength(1);
    await clock.advance(1000);
    expect(waits).toHaveLength(2);
  });

  test('backs off when it is woken and nothing new is told, so that a Cloudly at fault costs few heartbeats', async () => {
    const { endEach, waits, clock, heartbeatsAtMs } = await setUp();
    endEach(() => woken);
    waits[0]?.end(woken);
    await clock.advance(hour);
    // Sixty are its own.
    expect(heartbeatsAtMs().length).toBeLessThan(60 + 30);
  });

  test('is woken by the newest token', async () => {
    const { waits, clock, cloudly, endEach } = await setUp({}, () => ({
      ...offered(),
      nextNodeToken: 'next-1',
    }));
    endEach(() => notWoken, waitMs);
    waits[0]?.end(notWoken);
    await clock.advance(3 * minute);
    expect(waits.at(-1)?.nodeToken).toBe('next-1');
    expect(cloudly.heartbeats.at(-1)?.nodeToken).toBe('next-1');
  });

  test('no longer waits once an answer offers it no more, a heartbeat fails, or the agent stops', async () => {
    const offers: Partial<HeartbeatAnswer>[] = [offered(), {}, offered(), offered()];
    const { waits, clock, cloudly, lines, runner } = await setUp({}, () => offers.shift() ?? offered());
    const ended = () => lines.filter(({ message }) => message === 'Waiting for Cloudly has ended.').length;
    await clock.advance(minute);
    expect([waits.length, ended()]).toEqual([1, 1]);
    await clock.advance(minute);
    expect([waits.length, ended()]).toEqual([2, 1]);
    cloudly.onHeartbeat = () => ({ kind: 'unreachable', reason: 'ECONNREFUSED', message: 'refused' });
    await clock.advance(minute);
    expect(ended()).toBe(2);
    await clock.advance(10 * minute);
    expect(waits).toHaveLength(2);
    cloudly.onHeartbeat = () => cloudly.acknowledged(offered());
    await clock.advance(10 * minute);
    expect(waits).toHaveLength(3);
    await runner.stop();
    await clock.advance(0);
    expect(ended()).toBe(3);
  });

  test.each([
    ['with BASEOS_WAKE=off', { config: { wake: 'off' as const } }, offered],
    ['while two devices use its identity', {}, () => ({ ...offered(), cloneSuspected: true })],
    ['without an offer', {}, () => ({})],
  ])('does not wait %s', async (_what, options, answer) => {
    const { waits, clock, heartbeatsAtMs } = await setUp(options, answer);
    await clock.advance(10 * minute);
    expect(waits).toEqual([]);
    expect(heartbeatsAtMs()).toHaveLength(11);
  });
});

describe('the status of an agent', () => {
  const of = ({ runner }: { runner: BaseRunner }) => runner.status().cloudly.waking;

  test('tells whether a request waits, and since when and why waits fail', async () => {
    const set = await setUp();
    const { clock, waits, endEach } = set;
    expect(of(set)).toEqual({ state: 'on', isWaiting: true });
    await clock.advance(30_000);
    const since = new Date(clock.wallMs()).toISOString();
    endEach(() => ({ kind: 'failed', reason: 'ECONNRESET' }));
    waits[0]?.end({ kind: 'busy', status: 503 });
    await clock.advance(0);
    const reason = 'Cloudly, or a proxy, is busy (HTTP 503).';
    expect(of(set)).toEqual({ state: 'failing', isWaiting: false, failure: { inARow: 1, since, reason } });
    await clock.advance(hour);
    const failure = { inARow: waits.length, since, reason: 'The request failed: ECONNRESET.' };
    expect(of(set)).toEqual({ state: 'failing', isWaiting: false, failure });
    endEach(() => notWoken, waitMs);
    await clock.advance(hour);
    expect(of(set)?.state).toBe('on');
  });

  test('tells that nothing offers it, that no heartbeat is accepted, and that it is off', async () => {
    const without = await setUp({}, () => ({}));
    expect(of(without)).toEqual({ state: 'not-offered', isWaiting: false });
    without.cloudly.onHeartbeat = () => ({ kind: 'unreachable', reason: 'ECONNREFUSED', message: 'refused' });
    await without.clock.advance(minute);
    expect(of(without)).toEqual({ state: 'unknown', isWaiting: false });
    expect(of(await setUp({ config: { wake: 'off' } }))).toEqual({ state: 'off', isWaiting: false });
  });
});

/** Fifty ways in which a wait can be refused. */
const refusals: WakeOutcome[] = [
  ...[404, 501].map((status): WakeOutcome => ({ kind: 'not-offered', status })),
  ...[429, 503].flatMap((status): WakeOutcome[] => [
    { kind: 'busy', status },
    { kind: 'busy', status, retryAfterMs: 1000 },
    { kind: 'busy', status, retryAfterMs: 3_600_000 },
    { kind: 'busy', status, retryAfterMs: 60_000, problem: problem('unavailable') },
  ]),
  ...[
    200, 204, 301, 302, 307, 400, 401, 403, 405, 407, 408, 410, 411, 413, 415, 418, 422, 431, 451, 500, 502, 504, 511,
  ].map((status): WakeOutcome => ({ kind: 'failed', status, reason: `status ${status}` })),
  ...(
    ['node-token-unknown', 'node-revoked', 'unsupported-protocol', 'malformed-request', 'clone-suspected'] as const
  ).map((code): WakeOutcome => ({ kind: 'failed', reason: code, status: 401, problem: problem(code) })),
  ...[
    'ECONNREFUSED',
    'ECONNRESET',
    'ETIMEDOUT',
    'ENOTFOUND',
    'EPIPE',
    'CERT_HAS_EXPIRED',
    'no answer within 80000 ms',
    'a redirect',
    'an HTML page',
    'a body of more than 262144 bytes',
  ].map((reason): WakeOutcome => ({ kind: 'failed', reason })),
  notWoken,
  { kind: 'aborted' },
];

test(`${refusals.length} waits that are refused in all ways cost no heartbeat and change nothing for the node`, async () => {
  expect(refusals.length).toBeGreaterThanOrEqual(50);
  const { waits, clock, endEach, heartbeatsAtMs, runner, told } = await setUp();
  const left = [...refusals];
  endEach(() => left.shift() ?? notWoken, 10);
  waits[0]?.end(notWoken);
  const toldBefore = told().length;
  await clock.advance(24 * hour);
  expect(left).toEqual([]);
  const expected = Array.from({ length: 24 * 60 + 1 }, (_, count) => count * minute);
  expect(heartbeatsAtMs()).toEqual(expected);
  expect(runner.status().cloudly).toMatchObject({ state: 'registered', connectivity: 'connected' });
  expect(told()).toHaveLength(toldBefore);
});

test('a wait whose connector throws, or never returns, does not disturb the agent', async () => {
  const { cloudly, clock, heartbeatsAtMs, waits } = await setUp();
  cloudly.wake = () => Promise.reject(new TypeError('no transport'));
  waits[0]?.end(notWoken);
  await clock.advance(10 * minute);
  expect(heartbeatsAtMs()).toHaveLength(11);
});

test('a command that waits for an hour is told once, and costs no further heartbeat', async () => {
  const command: Command = { id: '7d0c8a55-2e5d-4b39-8a8f-6f6a0f1d9c01', kind: 'sing', expiresInMs: 7 * 24 * hour };
  let isQueued = false;
  const answer = () => ({ ...offered(), desiredState: { commands: isQueued ? [command] : [] } });
  const { waits, clock, endEach, heartbeatsAtMs } = await setUp({}, answer);
  await clock.advance(20_000);
  isQueued = true;
  // As Cloudly does: it says so once, and holds what comes while the command is still due.
  endEach(() => notWoken, waitMs);
  waits[0]?.end(woken);
  await clock.advance(20_000);
  const before = heartbeatsAtMs().length;
  await clock.advance(hour);
  expect(heartbeatsAtMs().length - before).toBe(60);
});
