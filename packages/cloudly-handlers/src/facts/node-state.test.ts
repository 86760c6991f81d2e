import { assert, constantFrom, nat, option, property, record } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type NodeState, nodeStates } from './node-facts.js';
import { nextCheckAtMs, nodeStateOf } from './node-state.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const approved = { approvedAtMs: 1 };
/** It sends a heartbeat a minute, and is expected by minute 2. */
const last = { receivedAtMs: 0, expectedByMs: 2 * MINUTE_MS };

function stateAt(nowMs: number, before?: NodeState, upSinceMs?: number): NodeState {
  return nodeStateOf({ node: approved, last, before, nowMs, upSinceMs });
}

describe('a node', () => {
  test('waits for an operator, or is locked out, however it is heard', () => {
    expect(nodeStateOf({ node: {}, last, nowMs: 0 })).toBe('pending');
    expect(nodeStateOf({ node: { ...approved, revokedAtMs: 2 }, last, nowMs: 0 })).toBe('revoked');
    expect(nodeStateOf({ node: { revokedAtMs: 2 }, nowMs: 0 })).toBe('revoked');
  });

  test('was never seen before its first heartbeat', () => {
    expect(nodeStateOf({ node: approved, nowMs: HOUR_MS })).toBe('never-seen');
  });

  test('is late ten seconds after its heartbeat was expected, and offline after three further intervals', () => {
    expect(stateAt(2 * MINUTE_MS + 9999)).toBe('online');
    expect(stateAt(2 * MINUTE_MS + 10_000)).toBe('late');
    expect(stateAt(5 * MINUTE_MS - 1)).toBe('late');
    expect(stateAt(5 * MINUTE_MS)).toBe('offline');
  });

  test('with a short interval is offline after a minute at the soonest', () => {
    const often = { receivedAtMs: 0, expectedByMs: 10_000 };
    expect(nodeStateOf({ node: approved, last: often, nowMs: 69_999 })).toBe('late');
    expect(nodeStateOf({ node: approved, last: often, nowMs: 70_000 })).toBe('offline');
  });

  test('is not found late for two intervals after Cloudly was away, and offline only after three further ones', () => {
    const upSinceMs = HOUR_MS;
    expect(stateAt(HOUR_MS, 'online', upSinceMs)).toBe('online');
    expect(stateAt(HOUR_MS + 2 * MINUTE_MS + 9999, 'online', upSinceMs)).toBe('online');
    expect(stateAt(HOUR_MS + 2 * MINUTE_MS + 10_000, 'online', upSinceMs)).toBe('late');
    expect(stateAt(HOUR_MS + 5 * MINUTE_MS, 'late', upSinceMs)).toBe('offline');
  });

  test('that was offline before Cloudly was away still is, unless it was heard since', () => {
    expect(stateAt(HOUR_MS, 'offline', HOUR_MS)).toBe('offline');
    expect(stateAt(HOUR_MS, 'late', HOUR_MS)).toBe('late');
    expect(stateAt(MINUTE_MS, 'offline', MINUTE_MS)).toBe('online');
  });

  test('is looked at when it becomes late or offline, and within an hour if nothing is expected of it', () => {
    expect(nextCheckAtMs('online', { last, nowMs: 0 })).toBe(2 * MINUTE_MS + 10_000);
    expect(nextCheckAtMs('late', { last, nowMs: 3 * MINUTE_MS })).toBe(5 * MINUTE_MS);
    expect(nextCheckAtMs('offline', { last, nowMs: HOUR_MS })).toBe(2 * HOUR_MS);
    expect(nextCheckAtMs('never-seen', { nowMs: 0 })).toBe(HOUR_MS);
    expect(nextCheckAtMs('pending', { last, nowMs: 0 })).toBeUndefined();
    expect(nextCheckAtMs('revoked', { last, nowMs: 0 })).toBeUndefined();
  });

  test('that is not heard becomes late, then offline, each at the look that was planned for it, and never better', () => {
    const heard = record({
      intervalMs: nat({ max: HOUR_MS }).map((ms) => ms + 1),
      nowMs: nat({ max: 3 * HOUR_MS }),
      before: option(constantFrom(...nodeStates), { nil: undefined }),
      upSinceMs: option(nat({ max: 3 * HOUR_MS }), { nil: undefined }),
    });
    assert(
      property(heard, ({ intervalMs, nowMs, before, upSinceMs }) => {
        const sends = { receivedAtMs: 0, expectedByMs: 2 * intervalMs };
        const look = (atMs: number, known?: NodeState) =>
          nodeStateOf({ node: approved, last: sends, before: known, nowMs: atMs, upSinceMs });
        const state = look(nowMs, before);
        const nextMs = nextCheckAtMs(state, { last: sends, nowMs, upSinceMs }) ?? 0;
        expect(nextMs).toBeGreaterThan(nowMs);
        const later = state === 'online' ? 'late' : 'offline';
        expect(look(nextMs - 1, state)).toBe(state);
        expect(look(nextMs, state)).toBe(later);
      }),
    );
  });
});
