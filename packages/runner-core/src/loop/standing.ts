import type { RunnerConfig } from '../config/runner-config.js';
import type { Identity } from '../identity/identity.js';
import type { IdentityStore } from '../identity/identity-store.js';
import { type Credential, firstCredential } from './credentials.js';
import { type LoopSettings, loopSettings } from './loop-settings.js';
import type { Call, NodeState } from './node-state.js';
import {
  approvalUnknown,
  joinTokenMissing,
  nodeRevoked,
  notConfigured,
  notReadable,
  type RunnerProblem,
} from './runner-problem.js';

/** Where a node stands with its Cloudly. */
export interface Standing {
  node: NodeState;
  /** What is wrong at present, and what to do about it. */
  problem?: RunnerProblem | undefined;
  /** What the next call proves itself by. */
  credential: Credential;
  /** The call that a dormant node repeats: the one that brought the verdict. Where no token is known, it registers. */
  probe: Call;
  /** False where nothing that this node has can make Cloudly accept it: then it does not call. */
  canRegister: boolean;
}

/** An identity that was opened, or that an agent would open now. */
export type StandingIdentity = Pick<IdentityStore, 'current' | 'source' | 'unreadable'>;

/**
 * Where the node stands at the start of an agent, by its configuration and its identity alone. The agent begins with it,
 * and everything that reports on a node without an agent shows it. Pure.
 */
export function standingOf(config: RunnerConfig, standing: StandingIdentity): Standing {
  const { current: identity, unreadable } = standing;
  const base = {
    credential: 'registration-key',
    probe: 'heartbeat',
    // Without a join token Cloudly accepts only a node it knows, and it cannot know one that was made just now.
    canRegister: config.joinToken !== undefined || !isFresh(standing),
  } as const;
  const settings = loopSettings(config);
  if (!settings) return { ...base, node: 'not-configured', problem: notConfigured };

  const credential = firstCredential(identity.enrolment);
  if (unreadable && credential === 'registration-key') {
    return { ...base, node: 'unknown', canRegister: false, problem: notReadable(unreadable.problem) };
  }
  const dormancy = isDormancyInForce(identity, settings) ? identity.enrolment?.dormancy : undefined;
  if (dormancy) return { ...base, node: 'dormant', credential, probe: dormancy.verdictOn, problem: nodeRevoked };
  if (credential !== 'registration-key') return { ...base, node: 'registered', credential };
  if (isAwaitingApproval(identity)) return { ...base, node: 'unregistered', problem: approvalUnknown };
  return { ...base, node: 'unregistered', problem: config.joinToken ? undefined : joinTokenMissing };
}

/** Whether no Cloudly can know this node: it was made just now. */
export function isFresh({ source }: Pick<StandingIdentity, 'source'>): boolean {
  return source === 'generated' || source === 'environment';
}

/** A node that its Cloudly answered without a token waits for an operator. It does not lack a join token. */
export function isAwaitingApproval({ enrolment }: Identity): boolean {
  return enrolment?.cloudlyId !== undefined && enrolment.nodeToken === undefined && enrolment.dormancy === undefined;
}

/** The call that comes next; `undefined` where there is none to make. */
export function callOf({ node, credential, probe, canRegister }: Omit<Standing, 'problem'>): Call | undefined {
  const byCredential: Call = credential === 'registration-key' ? 'register' : 'heartbeat';
  return {
    'not-configured': undefined,
    unknown: undefined,
    unregistered: canRegister ? ('register' as const) : undefined,
    pending: 'register' as const,
    registered: byCredential,
    dormant: probe === 'heartbeat' ? byCredential : probe,
  }[node];
}

/** A changed URL or join token ends a dormancy, as a changed node ID does: that one comes with a new identity. */
function isDormancyInForce({ enrolment }: Identity, { cloudlyUrl, joinTokenDigest }: LoopSettings): boolean {
  return (
    enrolment?.dormancy !== undefined &&
    enrolment.dormancy.cloudlyUrl === cloudlyUrl.href &&
    enrolment.dormancy.joinTokenDigest === joinTokenDigest
  );
}
