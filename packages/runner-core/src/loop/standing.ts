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

/** The state of a node towards its Cloudly. */
export interface Standing {
  node: NodeState;
  /** What is wrong at present, and what to do about it. */
  problem?: RunnerProblem | undefined;
  /** The credential of the next call. */
  credential: Credential;
  /** The call that a dormant node repeats: the one that was rejected. If no token is known, it registers. */
  probe: Call;
  /** False if this node has nothing that can make Cloudly accept it: then it does not call. */
  canRegister: boolean;
}

/** An identity that was opened, or that an agent would open now. */
export type StandingIdentity = Pick<IdentityStore, 'current' | 'source' | 'unreadable'>;

/**
 * The state of the node at the start of an agent, derived only from its configuration and its identity. The agent
 * begins with it, and everything that reports on a node without an agent shows it. Pure.
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

/** Whether no Cloudly can know this node, because it was just created. */
export function isFresh({ source }: Pick<StandingIdentity, 'source'>): boolean {
  return source === 'generated' || source === 'environment';
}

/** A node that Cloudly has answered without a token waits for an operator. It does not need a join token. */
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

/** A changed URL or join token ends a dormancy, as a changed node ID does: a changed node ID brings a new identity. */
function isDormancyInForce({ enrolment }: Identity, { cloudlyUrl, joinTokenDigest }: LoopSettings): boolean {
  return (
    enrolment?.dormancy !== undefined &&
    enrolment.dormancy.cloudlyUrl === cloudlyUrl.href &&
    enrolment.dormancy.joinTokenDigest === joinTokenDigest
  );
}
