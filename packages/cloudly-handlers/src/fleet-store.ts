import type { RunningCommand, RuntimeStatus, Vitals } from '@serve.zone/baseos-contracts';

/**
 * Where Cloudly keeps its fleet. The handlers judge and decide; a store only keeps, and holds these promises:
 *
 * - **Every operation is atomic on one record**: on one join token, or on one node together with its last heartbeat and
 *   its status. Only `createNode` touches two records, and does so in one transaction.
 * - **What an operation has resolved with is seen by every later read**, in every process on the same data.
 * - **Join tokens, `createNode` and `replaceNode` are durable when they resolve.** `saveReport` may lag a second behind:
 *   a node whose status was lost is asked for it again.
 * - A rejected promise means that it is not known whether the operation took place. The handlers answer 503.
 * - Values come out as copies: nobody changes the store by changing one.
 *
 * Instants are milliseconds since 1970 and come from the caller's clock, never from the store's. Only hashes of tokens
 * and keys get here. `@serve.zone/baseos-cloudly-handlers/store-suite` tells whether a store behaves.
 */
export interface FleetStore {
  /** Which Cloudly this is: made when the store is first used, and the same for as long as its data lives. */
  cloudlyId(): Promise<string>;

  /** Keeps a new join token. Rejects when there is one with its `id`. */
  addJoinToken(joinToken: JoinTokenRecord): Promise<void>;
  findJoinToken(id: string): Promise<JoinTokenRecord | undefined>;
  /** The oldest first. */
  listJoinTokens(): Promise<JoinTokenRecord[]>;
  /** Sets `revokedAtMs` unless it is set. Resolves with the record as it is then, `undefined` if there is none. */
  revokeJoinToken(id: string, revokedAtMs: number): Promise<JoinTokenRecord | undefined>;

  /**
   * In one transaction: keeps a new node with its `revision`, and counts one use of the join token it names. Does
   * neither, and says why, when the node ID is known or the token is unknown, used up, revoked, or expired at `nowMs`.
   */
  createNode(node: NodeRecord, nowMs: number): Promise<'created' | 'node-exists' | 'join-token-not-usable'>;
  findNode(nodeId: string): Promise<StoredNode | undefined>;
  /** The node whose `currentToken` or `nextToken` has this hash, whether revoked or not. */
  findNodeByTokenHash(tokenHash: string): Promise<StoredNode | undefined>;
  /** At most `limit` nodes in the ASCII order of their IDs, those after `afterNodeId`. */
  listNodes(page: { afterNodeId?: string; limit: number }): Promise<StoredNode[]>;
  findStatus(nodeId: string): Promise<StoredStatus | undefined>;
  /**
   * Compare and set: keeps `node` with `revision + 1` if the stored revision is `node.revision`; changes nothing and
   * resolves with `false` otherwise.
   */
  replaceNode(node: NodeRecord): Promise<boolean>;
  /**
   * Keeps a node's report if the node is known and not revoked, its `bootId` is the report's, and no heartbeat of the
   * same boot with the same or a higher sequence is kept. Resolves with whether it was kept.
   *
   * A report with `vitals` becomes the last heartbeat; one with `status` replaces the status, one without leaves it.
   */
  saveReport(nodeId: string, report: NodeReport): Promise<boolean>;
}

/** What allows new nodes to register: `maxUses` of them, until it expires or is revoked. */
export interface JoinTokenRecord {
  /** The readable part of the token, by which operators name it. */
  id: string;
  /** SHA-256 of the whole token, in hexadecimal. */
  hash: string;
  createdAtMs: number;
  expiresAtMs: number;
  maxUses: number;
  usedCount: number;
  /** Nodes that it lets in wait until an operator approves them. */
  requiresApproval: boolean;
  revokedAtMs?: number;
}

/** What Cloudly has decided about a node. Changes seldom, and only by compare-and-set. */
export interface NodeRecord {
  nodeId: string;
  /** Counts the changes of this record, from 1. */
  revision: number;
  /** SHA-256 of the registration key, in hexadecimal. */
  registrationKeyHash: string;
  /** What the device logs too, so that an operator approves the right one. */
  approvalCode: string;
  /** The join token that let it in. */
  joinTokenId: string;
  registeredAtMs: number;
  /** Absent while the node waits for an operator. */
  approvedAtMs?: number;
  /** Revoked nodes keep their token hashes: only who holds a token of the node learns of the revocation. */
  revokedAtMs?: number;
  /** The token that the node used last. */
  currentToken?: IssuedNodeToken;
  /** The newest token issued; it becomes `currentToken` when the node first uses it. */
  nextToken?: IssuedNodeToken;
  /** The node's running process. */
  bootId: string;
  /** The processes before it, newest first: what still comes from them is late, unless the node's disk was copied. */
  supersededBoots: SupersededBoot[];
}

/** A process of a node, as it was known when the next one took over. */
export interface SupersededBoot {
  bootId: string;
  /** The highest sequence that came from it; 0 where none of its heartbeats was kept. */
  lastSequence: number;
  /** When that came. */
  lastSeenAtMs: number;
}

export interface IssuedNodeToken {
  /** The readable part of the token. */
  id: string;
  /** SHA-256 of the whole token, in hexadecimal. */
  hash: string;
  issuedAtMs: number;
}

/** A node as it is kept, without its status, which may be large. */
export interface StoredNode {
  node: NodeRecord;
  /** The newest one; absent until the first. */
  lastHeartbeat?: StoredHeartbeat;
  /** Which status is kept; {@link FleetStore.findStatus} has it. */
  status?: StatusHead;
}

export interface StoredHeartbeat {
  bootId: string;
  sequence: number;
  receivedAtMs: number;
  vitals: Vitals;
  runningCommand?: RunningCommand;
}

export interface StatusHead {
  /** The process that reported it. */
  bootId: string;
  receivedAtMs: number;
  /** The node's digest of it; absent for a status that came with a registration. */
  hash?: string;
}

export interface StoredStatus extends StatusHead {
  status: RuntimeStatus;
}

/** What a node says of itself in one request. */
export interface NodeReport {
  bootId: string;
  /** The heartbeat's, or 0 for a registration. */
  sequence: number;
  receivedAtMs: number;
  status?: RuntimeStatus;
  statusHash?: string;
  vitals?: Vitals;
  runningCommand?: RunningCommand;
}
