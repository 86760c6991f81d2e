import type { HeartbeatOutcome, RegisterOutcome } from '@serve.zone/baseos-cloudly-connector';
import type { NodeState } from './node-state.js';
import { acknowledge, probeByNextCredential, probeWithLess, sendLess, tryNextCredential } from './heartbeat-rules.js';
import { speaksLegacy, withoutLegacy } from '../legacy/legacy-protocol.js';
import { isAccepted, type OwnVerdict, ownVerdict } from './own-verdict.js';
import { awaitApproval, beginAgain, enrol, probeByTokens, returnToTokens } from './register-rules.js';
import type { Problem } from '../values/problem.js';
import { notStored } from './runner-problem.js';
import { backOff, enrolmentOf, fallSilent, ignore, slowDown, stayDormant } from './shared-rules.js';
import { isSameEnrolment } from './same-enrolment.js';
import type { HeartbeatTurn, Step, Turn } from './step.js';

type Rule<SomeTurn, Outcome> = (turn: SomeTurn, outcome: Outcome) => Step;

type Table<SomeTurn, Outcome extends { kind: string }> = {
  [Kind in Outcome['kind']]: Readonly<Record<NodeState, Rule<SomeTurn, Extract<Outcome, { kind: Kind }>>>>;
};

/** One rule for each state of the node. Without a Cloudly, or with an identity that cannot be read, it makes no call. */
function row<SomeTurn, Outcome>(
  ...rules: [
    notConfiguredOrUnknown: Rule<SomeTurn, Outcome>,
    unregistered: Rule<SomeTurn, Outcome>,
    pending: Rule<SomeTurn, Outcome>,
    registered: Rule<SomeTurn, Outcome>,
    dormant: Rule<SomeTurn, Outcome>,
  ]
): Record<NodeState, Rule<SomeTurn, Outcome>> {
  return {
    'not-configured': rules[0],
    unknown: rules[0],
    unregistered: rules[1],
    pending: rules[2],
    registered: rules[3],
    dormant: rules[4],
  };
}

const fallSilentOnRegister = fallSilent('register');
const fallSilentOnHeartbeat = fallSilent('heartbeat');

/**
 * What each outcome of a register call means in each state. A registered node registers if none of its tokens is known.
 */
// oxfmt-ignore
const registerTable: Table<Turn, OwnVerdict<RegisterOutcome>> = {
  //                             not-configured  unregistered          pending               registered            dormant
  'accepted':                row(ignore,         enrol,                enrol,                enrol,                enrol),
  'accepted-legacy':         row(ignore,         enrol,                enrol,                enrol,                enrol),
  'pending':                 row(ignore,         awaitApproval,        awaitApproval,        awaitApproval,        stayDormant),
  'join-token-rejected':     row(ignore,         slowDown,             beginAgain,           returnToTokens,       probeByTokens),
  'node-id-taken':           row(ignore,         slowDown,             beginAgain,           returnToTokens,       probeByTokens),
  'clone-suspected':         row(ignore,         slowDown,             slowDown,             returnToTokens,       probeByTokens),
  'refused':                 row(ignore,         slowDown,             slowDown,             returnToTokens,       probeByTokens),
  'revoked':                 row(ignore,         fallSilentOnRegister, fallSilentOnRegister, fallSilentOnRegister, stayDormant),
  'rate-limited':            row(ignore,         backOff,              backOff,              backOff,              stayDormant),
  'unavailable':             row(ignore,         backOff,              backOff,              backOff,              stayDormant),
  'unreachable':             row(ignore,         backOff,              backOff,              backOff,              stayDormant),
  'timeout':                 row(ignore,         backOff,              backOff,              backOff,              stayDormant),
  'not-cloudly':             row(ignore,         backOff,              backOff,              backOff,              stayDormant),
  'another-cloudly':         row(ignore,         backOff,              backOff,              backOff,              stayDormant),
  'aborted':                 row(ignore,         ignore,               ignore,               ignore,               stayDormant),
};

/** What each outcome of a heartbeat means in each state. Only a registered or dormant node sends one. */
// oxfmt-ignore
const heartbeatTable: Table<HeartbeatTurn, OwnVerdict<HeartbeatOutcome>> = {
  //                             not-configured  unregistered  pending  registered             dormant
  'accepted':                row(ignore,         ignore,       ignore,  acknowledge,           acknowledge),
  'accepted-legacy':         row(ignore,         ignore,       ignore,  acknowledge,           acknowledge),
  'node-token-rejected':     row(ignore,         ignore,       ignore,  tryNextCredential,     probeByNextCredential),
  'refused':                 row(ignore,         ignore,       ignore,  sendLess,              probeWithLess),
  'revoked':                 row(ignore,         ignore,       ignore,  fallSilentOnHeartbeat, stayDormant),
  'rate-limited':            row(ignore,         ignore,       ignore,  backOff,               stayDormant),
  'unavailable':             row(ignore,         ignore,       ignore,  backOff,               stayDormant),
  'unreachable':             row(ignore,         ignore,       ignore,  backOff,               stayDormant),
  'timeout':                 row(ignore,         ignore,       ignore,  backOff,               stayDormant),
  'not-cloudly':             row(ignore,         ignore,       ignore,  backOff,               stayDormant),
  'another-cloudly':         row(ignore,         ignore,       ignore,  backOff,               stayDormant),
  'aborted':                 row(ignore,         ignore,       ignore,  ignore,                stayDormant),
};

/** What follows from the outcome of a register call. */
export function afterRegister(turn: Turn, outcome: RegisterOutcome): Step {
  const verdict = ownVerdict(outcome, turn.identity);
  const rule = registerTable[verdict.kind][turn.state.node] as Rule<Turn, OwnVerdict<RegisterOutcome>>;
  return withoutNeedlessWrite(turn, endLegacy(turn, verdict, rule(turn, verdict)));
}

/** What follows from the outcome of a heartbeat. */
export function afterHeartbeat(turn: HeartbeatTurn, outcome: HeartbeatOutcome): Step {
  const verdict = ownVerdict(outcome, turn.identity);
  const rule = heartbeatTable[verdict.kind][turn.state.node] as Rule<HeartbeatTurn, OwnVerdict<HeartbeatOutcome>>;
  const step = withoutNeedlessWrite(turn, endLegacy(turn, verdict, rule(turn, verdict)));
  if (isAccepted(verdict) || verdict.kind === 'aborted') return step;
  return { ...step, state: { ...step.state, failedHeartbeats: turn.state.failedHeartbeats + 1 } };
}

/**
 * What follows if a step's enrolment could not be stored. A token that is not stored is not used: the registration is
 * repeated and gives the same node; heartbeats continue with the token that worked.
 */
export function afterFailedStore(turn: Turn, step: Step, reason: Problem): Step {
  if (step.mustStore) return waitForStore(turn, reason);
  const { credential } = turn.state;
  return { ...step, enrolment: undefined, state: { ...step.state, credential, problem: notStored(reason) } };
}

/** No registration while its identity cannot be stored. */
export function waitForStore({ state }: Turn, reason: Problem): Step {
  const failuresInARow = state.failuresInARow + 1;
  return {
    state: { ...state, failuresInARow, problem: notStored(reason) },
    pace: { kind: 'backoff', failures: failuresInARow },
  };
}

/** The first answer with `protocol: 1` ends the legacy protocol, even if the node is not enrolled yet. */
function endLegacy(turn: Turn, verdict: OwnVerdict<RegisterOutcome | HeartbeatOutcome>, step: Step): Step {
  const isProtocol1 = 'problem' in verdict && verdict.problem !== undefined;
  if (!isProtocol1 || !speaksLegacy(turn.identity.enrolment)) return step;
  return { ...step, enrolment: withoutLegacy(step.enrolment ?? enrolmentOf(turn)) };
}

function withoutNeedlessWrite({ identity }: Turn, step: Step): Step {
  return step.enrolment && isSameEnrolment(step.enrolment, identity.enrolment)
    ? { ...step, enrolment: undefined }
    : step;
}
