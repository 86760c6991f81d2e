import { randomUUID } from 'node:crypto';
import type { CommandKind, CommandResult, RuntimeStatus, Settings, Vitals } from '@serve.zone/baseos-contracts';

/** All data of this Cloudly. It is plain data: a copy of it is a backup. */
export interface Fleet {
  /** The ID of this Cloudly; constant as long as it has this fleet. */
  cloudlyId: string;
  /** By the hash of the token. */
  joinTokens: Map<string, JoinToken>;
  /** By node ID. */
  nodes: Map<string, NodeRecord>;
  /** By the hash of each valid node token. */
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
  /** SHA-256 of the registration key, which proves that the node is the one that registered. */
  keyHash: string;
  /** What the device logs, so that an operator approves the right one. */
  approvalCode: string;
  isApproved: boolean;
  isRevoked: boolean;
  /** The other key that may take over this node ID until then, by its approval code. */
  rebind: { approvalCode: string; untilMs: number } | undefined;
  tokens: NodeTokens;
  /** Since then the node must get a new token, regardless of the age of the current one. */
  rotationDemandedAtMs: number | undefined;
  /** The running process of this node, and those before it, newest first. */
  bootId: string;
  earlierBoots: EarlierBoot[];
  /** Whether two devices use the identity of this node, until an operator chooses which one stays. */
  isCloneSuspected: boolean;
  cloneDecision: CloneDecision | undefined;
  /** The highest of the running process; 0 before its first heartbeat. */
  lastSequence: number;
  lastSeenAtMs: number;
  status: RuntimeStatus;
  /** The running process's digest of this status; absent until a heartbeat contains it. */
  statusHash: string | undefined;
  vitals: Vitals | undefined;
  commands: CommandRecord[];
  /** How it takes releases; in every answer once an operator has set it (D-16). */
  updates: NonNullable<Settings['updates']> | undefined;
}

/** Only the hash of a token is stored (K-6): a reader of the fleet learns no credential. */
export interface NodeTokens {
  /** The current one. */
  current: IssuedToken | undefined;
  /** The newest one. It replaces `current` when the node first uses it, not earlier, because its answer may be lost. */
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
  /** Whether the kept device has used its own new token. Until then both devices have the same one. */
  isCarriedOut: boolean;
  /** Processes that were rejected since, newest first: the kept device may be among them after a restart. */
  refusedBootIds: string[];
}

export interface CommandRecord {
  id: string;
  kind: CommandKind;
  expiresAtMs: number;
  isCancelled: boolean;
  /** The first result. */
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
