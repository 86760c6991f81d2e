import { randomUUID } from 'node:crypto';
import type { CommandKind, CommandResult, RuntimeStatus, Vitals } from '@serve.zone/baseos-contracts';

/** All that this Cloudly knows. It is plain data: a copy of it is a backup. */
export interface Fleet {
  /** By which nodes tell this Cloudly from another; the same for as long as it has this fleet. */
  cloudlyId: string;
  /** By the hash of the token. */
  joinTokens: Map<string, JoinToken>;
  /** By node ID. */
  nodes: Map<string, NodeRecord>;
  /** By the hash of each good node token. */
  nodeIdsByToken: Map<string, string>;
}

export interface JoinToken {
  usesLeft: number;
  expiresAtMs: number;
  requiresApproval: boolean;
  isRevoked: boolean;
}

export interface NodeRecord {
  nodeId: string;
  /** SHA-256 of the registration key, by which the node proves that it is the one that registered. */
  keyHash: string;
  /** What the device logs, so that an operator approves the right one. */
  approvalCode: string;
  isApproved: boolean;
  isRevoked: boolean;
  /** The one other key that may have this node ID until then, by its approval code. */
  rebind: { approvalCode: string; untilMs: number } | undefined;
  tokens: NodeTokens;
  /** Since then the node is to get a new token, whatever the age of the one in use. */
  rotationDemandedAtMs: number | undefined;
  /** The process that speaks as this node, and those before it, newest first. */
  bootId: string;
  earlierBoots: EarlierBoot[];
  /** Whether two devices speak as this node, until an operator says which one stays. */
  isCloneSuspected: boolean;
  cloneDecision: CloneDecision | undefined;
  /** The highest of the process that speaks; 0 before its first heartbeat. */
  lastSequence: number;
  lastSeenAtMs: number;
  status: RuntimeStatus;
  /** What the process that speaks calls this status; absent until a heartbeat brought it. */
  statusHash: string | undefined;
  vitals: Vitals | undefined;
  commands: CommandRecord[];
}

/** Of a token, only the hash is kept (K-6): who reads the fleet learns nothing to get in with. */
export interface NodeTokens {
  /** The one in use. */
  current: IssuedToken | undefined;
  /** The newest one. It takes the place of `current` when the node first uses it, and no sooner: its answer may get lost. */
  next: IssuedToken | undefined;
}

export interface IssuedToken {
  hash: string;
  issuedAtMs: number;
}

export interface EarlierBoot {
  bootId: string;
  lastSequence: number;
  /** Its first heartbeat with a higher sequence after another process took over. */
  returned: { sequence: number; atMs: number } | undefined;
}

/**
 * An operator has decided which of two devices keeps a node ID (C-6). The other device still has the same registration key, so
 * from then on the key is accepted only from the process that was kept.
 */
export interface CloneDecision {
  /** Whether the kept device has used the token that it alone got. Until then both have the same one. */
  isCarriedOut: boolean;
  /** Processes that were refused since, newest first: the kept device, restarted, may be among them. */
  refusedBootIds: string[];
}

export interface CommandRecord {
  id: string;
  kind: CommandKind;
  expiresAtMs: number;
  isCancelled: boolean;
  /** The first that came. */
  result: CommandResult | undefined;
}

export function createFleet(): Fleet {
  return {
    cloudlyId: `cloudly-${randomUUID()}`,
    joinTokens: new Map(),
    nodes: new Map(),
    nodeIdsByToken: new Map(),
  };
}
