import type { WakeOutcome } from '@serve.zone/baseos-cloudly-connector';
import { boundStrangersRetryAfter, type Pace } from '../loop/backoff.js';

/** How the waits of a node went so far. A value: a rule makes a new one. */
export interface WakeState {
  /** Waits in a row that failed, or told nothing new. */
  failures: number;
  /** Nothing waits until Cloudly offers it again. */
  isOff: boolean;
  /** Why the last of them failed, as a sentence. */
  reason?: string | undefined;
}

export const initialWakeState: WakeState = { failures: 0, isOff: false };

/** What follows from a wait. */
export interface WakeStep {
  state: WakeState;
  /** What the next wait waits for; `apart` is the usual pause. */
  pace: { kind: 'apart' } | Extract<Pace, { kind: 'backoff' }>;
}

/** Between two waits. */
export const waitsApartMs = 5000;

/** The heartbeat of a woken node falls at random within so long, because a fleet may be woken at once. */
export const heartbeatWithinMs = 1000;

export interface WaitFacts {
  /** How long it lasted. */
  waitedMs: number;
  /** How long Cloudly offered to hold it. */
  waitMs: number;
  /** Where the node was woken: whether the answer to its heartbeat told something new. Absent if none came. */
  toldNews?: boolean | undefined;
}

/** What follows from the outcome of a wait. Pure. Nothing follows for the node's identity, its token or its heartbeats. */
export function afterWait(state: WakeState, outcome: WakeOutcome, facts: WaitFacts): WakeStep {
  switch (outcome.kind) {
    case 'woken':
      return facts.toldNews === false
        ? failed(state, 'Cloudly woke the node, and its heartbeat brought nothing new.')
        : succeeded();
    case 'not-woken':
      return facts.waitedMs < facts.waitMs / 2 ? failed(state, endedEarly(facts)) : succeeded();
    case 'not-offered': {
      const step = failed(state, `Cloudly offers it, but the endpoint is missing (HTTP ${outcome.status}).`);
      return { ...step, state: { ...step.state, isOff: true } };
    }
    case 'busy':
      return failed(state, `Cloudly, or a proxy, is busy (HTTP ${outcome.status}).`, retryAfterOf(outcome));
    case 'aborted':
      return { state, pace: { kind: 'apart' } };
    default:
      return failed(state, `The request failed: ${outcome.reason}.`);
  }
}

function endedEarly({ waitedMs, waitMs }: WaitFacts): string {
  return `Cloudly ended the wait after ${Math.round(waitedMs / 1000)} s instead of ${Math.round(waitMs / 1000)} s.`;
}

/** Cloudly offers to wake the node, again. */
export function afterOffer(state: WakeState): WakeState {
  return state.isOff ? { ...state, isOff: false } : state;
}

function succeeded(): WakeStep {
  return { state: initialWakeState, pace: { kind: 'apart' } };
}

function failed({ failures }: WakeState, reason: string, retryAfterMs?: number): WakeStep {
  const inARow = failures + 1;
  return {
    state: { failures: inARow, isOff: false, reason },
    pace: { kind: 'backoff', failures: inARow, retryAfterMs },
  };
}

/** Only a problem of the contract comes from Cloudly itself. */
function retryAfterOf({ retryAfterMs, problem }: Extract<WakeOutcome, { kind: 'busy' }>): number | undefined {
  if (retryAfterMs === undefined) return undefined;
  return problem ? retryAfterMs : boundStrangersRetryAfter(retryAfterMs);
}
