import type { CommandResult } from '@serve.zone/baseos-contracts';
import type { CommandProgress, CommandRecord } from './command-record.js';
import type { Doorbell } from './doorbell.js';
import type { HistoryResolution, HistorySlot } from './history.js';
import type { JoinTokenRecord } from './join-token-record.js';
import type { NodeRecord } from './node-record.js';
import type { NodeReport, StatusHead, StoredHeartbeat, StoredStatus } from './node-report.js';

/**
 * The storage of Cloudly's fleet. The handlers judge and decide; a store only stores, and keeps these promises:
 *
 * - **Every operation is atomic on one record**: on one join token; on one node with its report, its history and its
 *   commands; on one command. Only `createNode` touches two, and says how a store without transactions does that.
 * - **Operations that overlap come to what they would have come to one after the other**, in some order. Lists and counts of
 *   many records need not be of one instant.
 * - **What an operation has resolved with is seen by every later read**, in every process on the same data.
 * - **All but `saveReport` is durable when it resolves**, so a registration, a rotation or a result is never
 *   acknowledged and lost. `saveReport` may lag a second behind a crash: a node is asked again for a status that was lost.
 * - A rejected promise means that it is not known whether the operation took place. The handlers answer 503.
 * - Values come out as copies: nobody changes the store by changing one.
 *
 * Instants are milliseconds since 1970 and come from the caller's clock, never from the store's. Only hashes of tokens
 * and keys get here. `@serve.zone/baseos-cloudly-handlers/store-suite` tells whether a store behaves.
 */
export interface NodeStore {
  /** The ID of this Cloudly: created when the store is first used, and constant as long as its data exists. */
  cloudlyId(): Promise<string>;

  /** Stores a new join token. Rejects if there is one with its `id`. */
  addJoinToken(joinToken: JoinTokenRecord): Promise<void>;
  findJoinToken(id: string): Promise<JoinTokenRecord | undefined>;
  /** The oldest first. */
  listJoinTokens(): Promise<JoinTokenRecord[]>;
  /**
   * Sets `revokedAtMs`, and `revokedReason` if one is given, unless it is already revoked. Resolves with the
   * resulting record, `undefined` if there is none.
   */
  revokeJoinToken(id: string, revokedAtMs: number, revokedReason?: string): Promise<JoinTokenRecord | undefined>;

  /**
   * Counts one use of the join token that a new node names, and keeps the node with its `revision`. Does neither, and
   * says why, when the node ID is known; when the token is unknown, used up, revoked, or expired at `nowMs`; or when the
   * node is not approved and `maxPending` nodes of the token already wait for approval (approved, revoked and removed
   * nodes no longer count).
   *
   * Both at once: a process that sees the use counted also finds the node, and a process that dies leaves both or neither.
   *
   * A store without transactions has the join token's document decide. It keeps the node as a candidate, which nobody sees,
   * under an ID of this attempt's own; counts the use by one compare-and-set, which notes what was decided of that ID; makes
   * the candidate the node; and drops the note. A process that finds a candidate continues with it, so that a use
   * which was counted is never given back. Those that wait are counted between the reading of the token and the
   * compare-and-set. "Without transactions" in the README has the steps and what they must heed.
   */
  createNode(node: NodeRecord, nowMs: number): Promise<CreateNodeOutcome>;
  findNode(nodeId: string): Promise<StoredNode | undefined>;
  /** The node whose `currentToken` or `nextToken` has this hash, whether revoked or not. */
  findNodeByTokenHash(tokenHash: string): Promise<StoredNode | undefined>;
  /** At most `limit` nodes in the ASCII order of their IDs, those after `afterNodeId`. */
  listNodes(page: { afterNodeId?: string; limit: number }): Promise<StoredNode[]>;
  /** The number of nodes by state. Need not be of one instant. */
  countNodes(nowMs: number): Promise<NodeCounts>;
  /**
   * Compare and set: keeps `node` with `revision + 1` if the stored revision is `node.revision` (which a node that was
   * forgotten and registered again never has). Changes nothing and resolves with `false` otherwise.
   */
  replaceNode(node: NodeRecord): Promise<boolean>;
  /** Removes a node and all its data, so that its ID is free. Resolves with whether there was one. */
  removeNode(nodeId: string): Promise<boolean>;

  /**
   * Keeps a node's report if the node is known and not revoked, its `bootId` is the report's, and no heartbeat of the
   * same boot with the same or a higher sequence is kept. Resolves with whether it was kept.
   *
   * A report with a sequence from 1 becomes the last heartbeat and moves the history on (`turnSlots`); one with `status`
   * replaces the status, one without leaves it.
   */
  saveReport(nodeId: string, report: NodeReport): Promise<boolean>;
  findStatus(nodeId: string): Promise<StoredStatus | undefined>;
  /** The slots that hold heartbeats, the oldest first; the last one is open and still grows. Empty for an unknown node. */
  listHistory(nodeId: string, resolution: HistoryResolution): Promise<HistorySlot[]>;

  /**
   * Queues a new command. Changes nothing, and says why, when the node is unknown; has a command with this `id`; or already
   * has `dueMax` commands that are due at `queuedAtMs`, if a `dueMax` is given.
   */
  addCommand(nodeId: string, command: CommandRecord, dueMax?: number): Promise<AddCommandOutcome>;
  findCommand(nodeId: string, commandId: string): Promise<CommandRecord | undefined>;
  /**
   * Sets `cancelledAtMs` unless it is set or there is a result. Resolves with the resulting record, `undefined` if
   * there is none.
   */
  cancelCommand(nodeId: string, commandId: string, cancelledAtMs: number): Promise<CommandRecord | undefined>;
  /**
   * The commands that are due (neither cancelled nor with a result, and `expiresAtMs` after `nowMs`), the oldest first, at
   * most `limit`; none that has an `endedAtMs`, which another clock may have set. Sets their `listedAtMs` to `nowMs` unless
   * it is set.
   */
  offerCommands(nodeId: string, nowMs: number, limit: number): Promise<CommandRecord[]>;
  /**
   * Replaces the `running` of a command that has no result, and sets its `listedAtMs` to `reportedAtMs` unless it is set.
   * Resolves with the resulting record and the `running` that it had before, `undefined` if there is no such command.
   */
  saveProgress(nodeId: string, commandId: string, progress: CommandProgress): Promise<SavedProgress | undefined>;
  /**
   * Sets `endedAtMs` to `nowMs` for commands of any node that have neither a result nor an `endedAtMs`, and whose time is up
   * (`timeUpAtMs`): at most `limit` of them. Resolves with the resulting records. Each command is atomic, and no two calls
   * resolve with the same one.
   */
  endCommands(nowMs: number, limit: number): Promise<EndedCommand[]>;
  /**
   * Keeps each result whose command is known for this node and has none yet, even if the command was cancelled or has
   * expired; drops the others. Resolves with the commands that got theirs. Each result is atomic, not their list.
   */
  saveCommandResults(nodeId: string, results: readonly CommandResult[], receivedAtMs: number): Promise<CommandRecord[]>;
  /** At most `limit` commands, the newest first. */
  listCommands(nodeId: string, limit: number): Promise<CommandRecord[]>;

  /**
   * Tells processes that a node should be woken. Without one, no node is offered to be woken; nothing else depends on it.
   */
  doorbell?: Doorbell;

  /**
   * A small durable test write, the same for all processes on the same data: it rejects while nothing can be stored.
   */
  probe(nowMs: number): Promise<void>;

  /**
   * Deletes data according to the given time: call it with a correct clock. The handlers do so every ten minutes, once
   * their clock has run evenly for an hour.
   *
   * Drops history beyond its bounds (`oldestSlotMs`), and commands that expired 90 days ago (`COMMANDS_KEPT_MS`), some of
   * them at a time. Resolves with whether there is more to drop. A store without transactions completes here what a
   * process that died has left half done.
   */
  tidy(nowMs: number): Promise<boolean>;
}

export type AddCommandOutcome = 'added' | 'node-unknown' | 'command-exists' | 'too-many-due';

export interface SavedProgress {
  command: CommandRecord;
  before?: CommandProgress;
}

export interface EndedCommand {
  nodeId: string;
  command: CommandRecord;
}

export type CreateNodeOutcome = 'created' | 'node-exists' | 'join-token-not-usable' | 'too-many-pending';

export interface NodeCounts {
  /** Approved and not revoked: those that send heartbeats. */
  active: number;
  /** Among them, those whose next heartbeat is not overdue. */
  online: number;
  /** Not approved and not revoked. */
  pending: number;
  revoked: number;
}

/** How long after its expiry a command is kept. */
export const COMMANDS_KEPT_MS = 90 * 24 * 3_600_000;

/** A stored node, without its status, which may be large. */
export interface StoredNode {
  node: NodeRecord;
  /** The newest one; absent until the first. */
  lastHeartbeat?: StoredHeartbeat;
  /** Which status is kept; {@link NodeStore.findStatus} has it. */
  status?: StatusHead;
  /** The latest `expiresAtMs` of all commands kept for the node, however they ended; absent when there are none. */
  commandsUntilMs?: number;
}
