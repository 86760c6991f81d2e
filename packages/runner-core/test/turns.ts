import { describeReason, waitReason } from '../src/loop/backoff.js';
import type { LoopState } from '../src/loop/loop-state.js';
import { callOf } from '../src/loop/standing.js';
import type { HeartbeatTurn, Step } from '../src/loop/step.js';
import { Secret } from '../src/values/secret.js';
import { identity } from './memory-identity-store.js';

function loopState(changes: Partial<LoopState> = {}): LoopState {
  return {
    node: 'registered',
    connectivity: 'unknown',
    credential: 'current',
    probe: 'heartbeat',
    canRegister: true,
    intervalMs: 60_000,
    failuresInARow: 0,
    outages: 0,
    failedHeartbeats: 0,
    heartbeatsAcknowledged: 0,
    cloneSuspected: false,
    ...changes,
  };
}

/** What a node of these turns has stored. */
export const token = new Secret('stored');

/** A turn of a registered node, but for what a test changes. */
export function turn(changes: Partial<LoopState> = {}, more: Partial<HeartbeatTurn> = {}): HeartbeatTurn {
  return {
    state: loopState(changes),
    identity: identity({ nodeToken: token }),
    settings: {
      cloudlyUrl: new URL('https://cloudly.example/at/path'),
      joinTokenDigest: undefined,
      environmentToken: undefined,
    },
    now: { monotonicMs: 5000, wallMs: Date.parse('2026-11-23T12:00:00Z') },
    sent: { token, statusHash: 'hash', carriedStatus: true, isMinimal: false },
    ...more,
  };
}

const paceSettings = { intervalMs: 60_000, startSpreadMs: 60_000 };

/** The new state, how Cloudly is met, and the next call with its wait. */
export function summary({ state, pace }: Step): string {
  return `${state.node} ${state.connectivity}: ${callOf(state) ?? 'nothing'} ${describeReason(waitReason(pace, paceSettings, 0.5))}`;
}
