import type { HeartbeatOutcome } from '@serve.zone/baseos-cloudly-connector';
import { digestOf } from '../identity/environment-token.js';
import type { Enrolment } from '../identity/identity.js';
import { Secret } from '../values/secret.js';
import { type Credential, nextCredential } from './credentials.js';
import type { LoopState } from './loop-state.js';
import { cloneSuspected, problemOf } from './runner-problem.js';
import { connected, enrolmentOf, slowDown, stayDormant } from './shared-rules.js';
import type { HeartbeatTurn, Step } from './step.js';

type Outcome<Kind extends HeartbeatOutcome['kind']> = Extract<HeartbeatOutcome, { kind: Kind }>;

/** Until then a refused status is not sent again, unless it changes. */
const minimalForMs = 60 * 60_000;

/** A 200: the node is known, and everything in the heartbeat has arrived. */
export function acknowledge(turn: HeartbeatTurn, outcome: Outcome<'accepted' | 'accepted-legacy'>): Step {
  const { state, sent } = turn;
  const answer = outcome.kind === 'accepted' ? outcome.answer : undefined;
  const minimalUntil = sent.isMinimal && state.minimalUntil ? { ...state.minimalUntil, isAccepted: true } : undefined;
  const isStatusWanted = answer?.sendFullStatus === true && !sent.carriedStatus;
  const isClone = answer?.cloneSuspected === true;
  return {
    state: {
      ...state,
      ...connected,
      node: 'registered',
      credential: 'current',
      problem: isClone ? cloneSuspected : minimalUntil?.problem,
      intervalMs: outcome.answer.heartbeatIntervalMs ?? state.intervalMs,
      failedHeartbeats: 0,
      heartbeatsAcknowledged: state.heartbeatsAcknowledged + 1,
      acknowledgedStatusHash: answer && !isStatusWanted ? acknowledgedHash(state, turn) : undefined,
      minimalUntil,
      cloneSuspected: isClone,
    },
    enrolment: enrolmentAfter(turn, answer),
    pace: isStatusWanted && !minimalUntil ? { kind: 'status-requested' } : { kind: 'interval' },
  };
}

function acknowledgedHash(state: LoopState, { sent }: HeartbeatTurn): string | undefined {
  return sent.carriedStatus ? sent.statusHash : state.acknowledgedStatusHash;
}

/** The token that worked is kept, together with a new one if Cloudly issued one. */
function enrolmentAfter(turn: HeartbeatTurn, answer: Outcome<'accepted'>['answer'] | undefined): Enrolment {
  const { sent, settings } = turn;
  const before = enrolmentOf(turn);
  const next = answer?.nextNodeToken === undefined ? undefined : new Secret(answer.nextNodeToken);
  const isNew = next !== undefined && !next.equals(sent.token);
  const { environmentToken } = settings;
  return {
    ...before,
    cloudlyId: answer?.cloudlyId ?? before.cloudlyId,
    legacy: answer === undefined,
    nodeToken: isNew ? next : sent.token,
    previousNodeToken: isNew ? sent.token : undefined,
    environmentTokenDigest: environmentToken?.equals(sent.token)
      ? digestOf(environmentToken)
      : before.environmentTokenDigest,
    dormancy: undefined,
  };
}

/**
 * This token is not known, but the node may be: its other tokens are tried first. A new registration comes last
 * and slowly, as it helps only a node whose tokens are all lost.
 */
export function tryNextCredential(turn: HeartbeatTurn, outcome: Outcome<'node-token-rejected'>): Step {
  const step = slowDown(turn, outcome);
  const credential = credentialAfter(turn);
  return {
    state: { ...step.state, credential },
    pace: credential === 'registration-key' ? step.pace : { kind: 'backoff', failures: 1 },
  };
}

/** Cloudly may have forgotten the token of a node that it accepts again: the next probe uses the next credential. */
export function probeByNextCredential(turn: HeartbeatTurn, outcome: Outcome<'node-token-rejected'>): Step {
  const step = stayDormant(turn, outcome);
  return { ...step, state: { ...step.state, credential: credentialAfter(turn) } };
}

function credentialAfter({ state, identity, settings }: HeartbeatTurn): Credential {
  return nextCredential(state.credential, identity.enrolment, settings.environmentToken);
}

/** Cloudly rejects something in the heartbeat: a heartbeat without status and results keeps the node online. */
export function sendLess(turn: HeartbeatTurn, outcome: Outcome<'refused'>): Step {
  return withLess(slowDown(turn, outcome), turn, outcome);
}

/** It must also not keep a dormant node from learning that it is accepted again. */
export function probeWithLess(turn: HeartbeatTurn, outcome: Outcome<'refused'>): Step {
  return withLess(stayDormant(turn, outcome), turn, outcome);
}

function withLess(step: Step, { sent, now }: HeartbeatTurn, outcome: Outcome<'refused'>): Step {
  const atMs = now.monotonicMs + minimalForMs;
  const minimalUntil = { atMs, statusHash: sent.statusHash, problem: problemOf(outcome), isAccepted: false };
  return { ...step, state: { ...step.state, minimalUntil } };
}
