import type { RunningCommand, Vitals } from '@serve.zone/baseos-contracts';
import type { EventFilter } from '../events/event-filter.js';
import type { FleetEvent } from '../events/fleet-event.js';
import type { NodeState } from '../facts/node-facts.js';
import type { BulkAction } from '../fleet/bulk-action.js';
import type { CommandOrder } from '../fleet/command-order.js';
import type { CommandRecord } from '../fleet/command-record.js';
import type { HistoryResolution, HistorySlot } from '../fleet/history.js';
import type { JoinTokenRecord } from '../fleet/join-token-record.js';
import type { JoinTokenOptions } from '../operator/create-join-token.js';
import type { IssuedNodeToken, NodeRecord, UpdatesMode } from '../fleet/node-record.js';
import type { NodeProfile } from '../fleet/node-profile.js';
import type { StoredHeartbeat, StoredStatus } from '../fleet/node-report.js';
import type { BulkJob, BulkProgress, BulkResult } from '../fleet-store/bulk-job.js';
import type { FleetNode } from '../fleet-store/fleet-node.js';
import type {
  BulkResultQuery,
  CountField,
  FleetCursor,
  FleetPage,
  FleetSort,
  ValueCount,
} from '../fleet-store/fleet-store.js';
import type { Rollout } from '../fleet-store/rollout.js';
import type { SavedView } from '../fleet-store/saved-view.js';
import type { CancelOutcome } from '../operator/cancel-command.js';
import type { Caller } from './caller.js';
import type { AlertCalls, ShownAlert } from './alert-calls.js';
import type { SelectorInput } from './selector-input.js';
import type { WebhookCalls } from './webhook-calls.js';
import type { CommandWarning } from '../operator/command-warnings.js';
import type { RolloutCalls } from './rollout-calls.js';

/**
 * The fleet, as operators see and change it. `fleetRoles` says which role each call needs. Every call rejects with a
 * {@link FleetError} if it is not allowed or cannot be carried out; what is out of the caller's scope is as if it did not
 * exist. Errors of the store pass through.
 */
export interface Fleet extends AlertCalls, RolloutCalls, WebhookCalls {
  /** How many nodes there are, and how many in each state. */
  summary(caller: Caller): Promise<FleetSummary>;
  /** A page of the nodes that the selector matches, 100 by name by default. */
  listNodes(caller: Caller, query?: NodeQuery): Promise<FleetPage>;
  countNodes(caller: Caller, query?: NodeCountQuery): Promise<NodeCount>;
  /** How many of the nodes that the selector matches have each value of a field, the most frequent first, 100 by default. */
  countBy(caller: Caller, field: CountField, query?: ValueQuery): Promise<ValueCount[]>;
  /** How nodes stand at this moment: up to 100 of them, by their IDs. Those that are unknown are left out. */
  liveNodes(caller: Caller, nodeIds: readonly string[]): Promise<LiveNode[]>;
  /** Everything about one node. */
  getNode(caller: Caller, nodeId: string): Promise<NodeDetails>;
  /** The one node that a text means: its ID, name, host name, device UUID, or the beginning of its ID or UUID. */
  resolveNode(caller: Caller, text: string): Promise<FleetNode>;
  history(caller: Caller, nodeId: string, resolution: HistoryResolution): Promise<HistorySlot[]>;
  /** The events of a node since its registration, the newest first, 100 by default. */
  timeline(caller: Caller, nodeId: string, query?: TimelineQuery): Promise<FleetEvent[]>;
  /** Events after a position, the oldest first; else the newest first. 100 by default. */
  listEvents(caller: Caller, query?: EventListQuery): Promise<FleetEvent[]>;
  /** Positions of another epoch mean other events: who follows them begins anew. */
  eventsEpoch(caller: Caller): Promise<string>;

  /** Names a node; without a name, its host name is shown again. */
  rename(caller: Caller, nodeId: string, name: string | undefined, options?: ProfileChange): Promise<NodeProfile>;
  setNotes(caller: Caller, nodeId: string, notes: string | undefined, options?: ProfileChange): Promise<NodeProfile>;
  /** Sets labels; `null` removes one. */
  label(caller: Caller, nodeId: string, labels: LabelChanges, options?: ProfileChange): Promise<NodeProfile>;
  /** The keys of labels, in order, and how many nodes have each; 1000 by default. */
  labelKeys(caller: Caller, limit?: number): Promise<ValueCount[]>;
  /** The values of a label, the most frequent first, 100 by default. */
  labelValues(caller: Caller, key: string, limit?: number): Promise<ValueCount[]>;

  /** Approves a node that waits for approval. With a code, only if it is the node's. */
  approve(caller: Caller, nodeId: string, options?: ApproveOptions): Promise<NodeDecision>;
  /** Locks a node out. One that waits for approval is thereby rejected, which takes no more than to approve it. */
  revoke(caller: Caller, nodeId: string): Promise<NodeDecision>;
  unrevoke(caller: Caller, nodeId: string): Promise<NodeDecision>;
  /** Removes a node and all its data, so that its ID is free. */
  forget(caller: Caller, nodeId: string): Promise<void>;
  /** Lets the device with this approval code take over the identity of a node, once and within 24 hours. */
  allowRebind(caller: Caller, nodeId: string, options: { approvalCode: string }): Promise<NodeDecision>;
  /** Chooses the process that keeps an identity which two devices have: one of the `rivals` of `getNode`. */
  resolveClone(caller: Caller, nodeId: string, keptBootId: string): Promise<NodeDecision>;
  /** Replaces the token of a node with its next heartbeat. */
  rotateToken(caller: Caller, nodeId: string): Promise<NodeDecision>;
  /** Invalidates a leaked token of a node, or all of them, at once. */
  voidTokens(caller: Caller, nodeId: string, tokenId?: string): Promise<NodeDecision>;
  /** Says how a node takes new releases. */
  setUpdatesMode(caller: Caller, nodeId: string, updatesMode: UpdatesMode): Promise<NodeDecision>;

  /** Sends a command to a node. The same command with the same ID again is the same command. */
  queueCommand(caller: Caller, nodeId: string, order: CommandOrder, commandId?: string): Promise<QueuedCommand>;
  cancelCommand(caller: Caller, nodeId: string, commandId: string): Promise<CancelledCommand>;
  getCommand(caller: Caller, nodeId: string, commandId: string): Promise<CommandRecord>;
  /** The newest first, 100 by default. */
  listCommands(caller: Caller, nodeId: string, limit?: number): Promise<CommandRecord[]>;

  createJoinToken(caller: Caller, options?: NewJoinToken): Promise<{ joinToken: string; record: ShownJoinToken }>;
  /** The oldest first. */
  listJoinTokens(caller: Caller): Promise<ShownJoinToken[]>;
  revokeJoinToken(caller: Caller, joinTokenId: string, reason?: string): Promise<ShownJoinToken>;

  listViews(caller: Caller): Promise<SavedView[]>;
  /** Adds a view, or changes the one with this ID. */
  saveView(caller: Caller, view: NewView): Promise<SavedView>;
  removeView(caller: Caller, viewId: string): Promise<void>;

  /** Freezes which nodes a job is about. It is confirmed within ten minutes, or does nothing. */
  previewBulk(caller: Caller, preview: BulkPreview): Promise<BulkJob>;
  /** Begins a job, if the number of its nodes was typed right. `runBulk` carries it out. */
  confirmBulk(caller: Caller, jobId: string, typedCount: number): Promise<BulkJob>;
  /**
   * Carries out a job that was confirmed, also one that another process has left. Resolves when no node is left for this
   * process; another one may still work on some. Each change is by the actor of the job, within their scope.
   */
  runBulk(caller: Caller, jobId: string, options?: RunBulkOptions): Promise<BulkProgress>;
  /** Begins no further node. */
  stopBulk(caller: Caller, jobId: string): Promise<BulkProgress>;
  bulkProgress(caller: Caller, jobId: string): Promise<BulkProgress>;
  /** In the order of node IDs, 100 by default. */
  bulkResults(caller: Caller, jobId: string, query?: Partial<BulkResultQuery>): Promise<BulkResult[]>;
  /** The newest first, 100 by default. */
  listBulk(caller: Caller, limit?: number): Promise<BulkProgress[]>;

  /**
   * Makes a fleet safe that was restored from a backup: its events have a new epoch, its webhooks are disabled, join tokens that
   * could admit more nodes than they were made for are revoked, and rollouts that ran are paused. Resolves with these two.
   */
  recover(caller: Caller, takenAtMs: number): Promise<Recovered>;
}

export interface Recovered {
  /** Join tokens. */
  revoked: ShownJoinToken[];
  /** Rollouts. */
  paused: Rollout[];
}

export interface FleetSummary {
  nodeCount: number;
  states: Record<NodeState, number>;
}

export interface NodeQuery {
  /** @default all nodes */
  selector?: SelectorInput | undefined;
  /** @default by name */
  sort?: FleetSort | undefined;
  /** `next` of the page before, with the same `sort`. */
  after?: FleetCursor | undefined;
  /** @default 100 */
  limit?: number | undefined;
}

export interface NodeCountQuery {
  selector?: SelectorInput | undefined;
  /** Counting takes as long as what is counted. @default 10,000 */
  max?: number | undefined;
}

export interface NodeCount {
  count: number;
  /** There are more than `count`, which is the `max` of the query. */
  isMore: boolean;
}

export interface ValueQuery {
  selector?: SelectorInput | undefined;
  limit?: number | undefined;
}

export interface TimelineQuery {
  before?: number | undefined;
  limit?: number | undefined;
}

export interface EventListQuery extends EventFilter {
  after?: number | undefined;
  before?: number | undefined;
  limit?: number | undefined;
}

/** What of a node changes from minute to minute. */
export interface LiveNode extends Pick<FleetNode, 'state' | 'quietSinceMs' | 'lastHeartbeatAtMs'> {
  nodeId: string;
  /** Of its last heartbeat, as is the command that it carries out. */
  vitals?: Vitals;
  runningCommand?: RunningCommand;
}

/** A node as a page shows it. */
export interface NodeDetails extends FleetNode {
  profile: NodeProfile;
  record: ShownRecord;
  lastHeartbeat?: StoredHeartbeat;
  status?: StoredStatus;
  /** Processes of two devices that may share this identity, while there is to choose one of them. */
  rivals: Rival[];
  /** Also those that are part of a group's. */
  openAlerts: ShownAlert[];
}

/** What Cloudly has decided about a node, without hashes; for the role `view` also without approval codes. */
export interface ShownRecord extends Omit<
  NodeRecord,
  'registrationKeyHash' | 'approvalCode' | 'rebind' | 'currentToken' | 'nextToken' | 'supersededBoots'
> {
  approvalCode?: string;
  rebind?: { approvalCode?: string; untilMs: number };
  currentToken?: Omit<IssuedNodeToken, 'hash'>;
  nextToken?: Omit<IssuedNodeToken, 'hash'>;
  /** It speaks the protocol of before, which has no commands. */
  isLegacy: boolean;
}

export interface Rival {
  bootId: string;
  /** Absent if none of its heartbeats was kept. */
  lastSeenAtMs?: number;
}

export interface ProfileChange {
  /** Reject the change unless the profile still has this revision. */
  revision?: number | undefined;
}

export type LabelChanges = Readonly<Record<string, string | null>>;

export interface ApproveOptions {
  /** The one that the device logs, in any spelling. */
  approvalCode?: string | undefined;
}

export interface NodeDecision {
  record: ShownRecord;
  /** Otherwise, it was as asked for already. */
  hasChanged: boolean;
}

export interface QueuedCommand {
  command: CommandRecord;
  warnings: CommandWarning[];
}

export type CancelledCommand = Exclude<CancelOutcome, { outcome: 'command-unknown' }>;

export type NewJoinToken = Omit<JoinTokenOptions, 'now' | 'randomBytes' | 'createdBy'>;

export type ShownJoinToken = Omit<JoinTokenRecord, 'hash'>;

export interface NewView {
  /** A UUID of your choice for a new view. */
  id: string;
  /** Of the view that is changed; absent for a new one. */
  revision?: number | undefined;
  name: string;
  selector: string;
  /** Such as `name`, or `-seen`. */
  sort?: string | undefined;
  columns?: readonly string[] | undefined;
}

export interface BulkPreview {
  /** A UUID of your choice: the same preview with the same ID again is the same job. */
  id?: string | undefined;
  action: BulkAction;
  selector: string;
}

export interface RunBulkOptions {
  onProgress?: ((progress: BulkProgress) => void) | undefined;
  /** Begins no further batch; the job remains, and goes on with another call. */
  signal?: AbortSignal | undefined;
  /** How many nodes are taken at a time. @default 50 */
  batch?: number | undefined;
}
