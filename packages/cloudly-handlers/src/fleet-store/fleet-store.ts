import type { Actor } from '../events/actor.js';
import type { StoreEventFilter } from '../events/event-filter.js';
import type { FleetEvent, WrittenEvent } from '../events/fleet-event.js';
import type { ReportedState } from '../facts/node-facts.js';
import type { Scope, Selector } from '../selector/selector.js';
import type { AlertStore } from './alert-store.js';
import type { BulkJob, BulkOutcome, BulkProgress, BulkResult } from './bulk-job.js';
import type { NodeProfile } from '../fleet/node-profile.js';
import type { NodeStore } from '../fleet/node-store.js';
import type { FleetNode } from './fleet-node.js';
import type { RolloutStore } from './rollout-store.js';
import type { SavedView } from './saved-view.js';
import type { WebhookStore } from './webhook-store.js';

/**
 * A store for operators too: they see the fleet, change it, and read what happened. It keeps the promises of
 * {@link NodeStore}, and these:
 *
 * - **Whatever changes a node also changes its facts and tells its events, in one transaction**, by whichever operation: those
 *   of the nodes' endpoints are by `node:<node ID>`, or by `system` where no node asked.
 * - **Events have one order**, the same for every reader in every process: who has read up to a position never misses an
 *   earlier one. An event is as durable as the operation that it tells of; one of a report is durable, too.
 * - **What is old is dropped by `tidy`**: events of everyday after 90 days, the others (`isAuditEvent`) after two years; jobs that
 *   were never confirmed after a day, the others and maintenances that are over after 90 days; drafts of rollouts
 *   after 90 days, the others two years after their end.
 * - **An operator finds and changes nothing out of scope**: it is as if it did not exist. A join token is in scope if the nodes
 *   that it admits are, by its labels; `addJoinToken` rejects another one.
 *
 * `fleetStoreBehaviours` of `@serve.zone/baseos-cloudly-handlers/store-suite` tells whether a store behaves.
 */
export interface FleetStore extends NodeStore {
  /** The fleet as a caller sees it: only what is in scope, and each change is an event by this actor. */
  as(caller: StoreCaller): OperatorStore;

  /**
   * Notes which nodes have become late or offline, or are heard again although that was not noted, and tells their events.
   * Also derives the facts of some nodes that have none, or older ones. Any number of processes may sweep at once.
   */
  sweep(sweep: Sweep): Promise<Swept>;

  /**
   * Opens and closes alerts by the conditions of nodes (`conditionsOf`), as damped as `alertKinds` says, and tells their events.
   * Looks only at nodes whose conditions have changed, and at alerts whose time has come. Any number of processes may do so at once.
   * All of it can be built anew from the nodes, except for snoozes and for since when conditions hold.
   */
  keepAlerts(keep: KeepAlerts): Promise<AlertsKept>;

  /** Changes when data was lost: after a restored backup, positions of before may mean other events. */
  eventsEpoch(): Promise<string>;
  /** Gives the events another epoch, and tells of the recovery as its first. */
  renewEvents(takenAtMs: number, caller: StoreCaller): Promise<void>;
  /**
   * Calls `onEvents` with the events that this process has written, once they are stored, and in no particular order.
   * Returns how to end it.
   */
  onWritten(onEvents: (events: readonly WrittenEvent[]) => void): () => void;
  /** Where events are sent, and what was sent. */
  webhooks: WebhookStore;
  /** Calls `onNews` soon after a process has written events; also now and then without any. Returns how to end it. */
  onNews(onNews: () => void): () => void;
}

export interface StoreCaller {
  actor: Actor;
  /** When it calls: of its changes, of their events, and what durations of a selector count back from. */
  nowMs: number;
  /** Without one, the whole fleet. */
  scope?: Scope | undefined;
}

/** What an operator may call. Operations that {@link NodeStore} has, too, do the same, within the scope. */
export interface OperatorStore
  extends
    AlertStore,
    RolloutStore,
    Pick<
      NodeStore,
      | 'findNode'
      | 'replaceNode'
      | 'removeNode'
      | 'findStatus'
      | 'listHistory'
      | 'addCommand'
      | 'findCommand'
      | 'cancelCommand'
      | 'listCommands'
      | 'addJoinToken'
      | 'findJoinToken'
      | 'listJoinTokens'
      | 'revokeJoinToken'
      | 'doorbell'
    > {
  /** Resolves with at most `limit` nodes that the selector matches, in the order of `sort`, those after `after`. */
  listFleet(query: FleetQuery): Promise<FleetPage>;
  /** How many nodes the selector matches; at most `max`, because counting takes as long as what is counted. */
  countFleet(query: CountQuery): Promise<number>;
  /** How many of the nodes that the selector matches have each value of a field, the most frequent first, at most `limit`. */
  countFleetBy(field: CountField, query: CountByQuery): Promise<ValueCount[]>;
  /** Like a page of `listFleet`, of these nodes; those that are unknown are left out. */
  findFleetNodes(nodeIds: readonly string[]): Promise<FleetNode[]>;
  /**
   * The nodes that have this ID, host name or device UUID, or are shown under this name, however it is written; else those whose
   * ID or UUID begins so. In the order of their IDs, at most `limit`; none for an empty text.
   */
  findNodesNamed(text: string, limit: number): Promise<FleetNode[]>;

  findProfile(nodeId: string): Promise<NodeProfile | undefined>;
  /**
   * Compare and set, like `replaceNode`. Resolves with `false`, too, if the node would be out of scope with it. Every node has a
   * profile from its creation on; its first labels are those of its join token.
   */
  replaceProfile(profile: NodeProfile): Promise<boolean>;
  /** The keys of labels that nodes have, in order, and how many nodes have each. */
  countLabelKeys(limit: number): Promise<ValueCount[]>;

  /**
   * Events in their order: those after `after`, the oldest first; or those before `before` (or all), the newest first. Of a node,
   * those since its registration: a node ID may be used again. With a scope, only events of nodes in scope.
   */
  listEvents(query: EventQuery): Promise<FleetEvent[]>;

  /** The oldest first; with a scope, only those of the same actor, who changes and removes no others. */
  listViews(): Promise<SavedView[]>;
  /** Adds it, or replaces the one with its `id` and `revision` by it with `revision + 1`. Resolves with whether it did. */
  saveView(view: SavedView): Promise<boolean>;
  removeView(viewId: string): Promise<boolean>;

  /**
   * Keeps a job with the IDs of the nodes that the selector matches now, at most `nodesMax`. If there is a job with its `id`,
   * resolves with that one. Resolves with `undefined` if more nodes match.
   */
  addBulkJob(job: Omit<BulkJob, 'nodeCount'>, selector: Selector, nodesMax: number): Promise<BulkJob | undefined>;
  /** With a scope there are only jobs of the same actor, for this operation and for those that follow. */
  findBulkJob(jobId: string): Promise<BulkProgress | undefined>;
  /** The newest first. */
  listBulkJobs(limit: number): Promise<BulkProgress[]>;
  /** Sets `confirmedAtMs` unless it is set, or it is too late for that. Resolves with the resulting job. */
  confirmBulkJob(jobId: string): Promise<BulkJob | undefined>;
  /** Sets `stoppedAtMs` unless it is set or the job has ended. Resolves with the resulting job. */
  stopBulkJob(jobId: string): Promise<BulkJob | undefined>;
  /**
   * Takes at most `limit` nodes of a job that runs (confirmed, not stopped, not ended) and that nobody else works on until
   * `leaseUntilMs`. None are left when it resolves with none and `findBulkJob` has none that wait.
   */
  takeBulkNodes(jobId: string, limit: number, leaseUntilMs: number): Promise<string[]>;
  /** Keeps the first result of each node, and sets `endedAtMs` with the last one, or, if the job was stopped, at once. */
  saveBulkResults(jobId: string, results: readonly BulkResult[]): Promise<void>;
  /** In the order of node IDs, those after `afterNodeId`. */
  listBulkResults(jobId: string, query: BulkResultQuery): Promise<BulkResult[]>;
}

export const sortKeys = [
  'name',
  'id',
  'type',
  'os',
  'agent',
  'supervisor',
  'commit',
  'registered',
  'seen',
  'storage',
  'urgency',
] as const;

export type SortKey = (typeof sortKeys)[number];

export interface FleetSort {
  by: SortKey;
  isDescending: boolean;
}

export interface FleetQuery {
  selector: Selector;
  /** Nodes without a value come first, equal ones by their IDs; with `isDescending`, all of it is the other way round. */
  sort: FleetSort;
  /** `next` of the page before, with the same `sort`. */
  after?: FleetCursor | undefined;
  limit: number;
}

/** Where a page ends: what its last node is sorted by, and that node. */
export interface FleetCursor {
  value: string | number;
  nodeId: string;
}

export interface FleetPage {
  nodes: FleetNode[];
  /** Absent on the last page. */
  next?: FleetCursor;
}

export interface CountQuery {
  selector: Selector;
  max: number;
}

export interface CountByQuery {
  selector: Selector;
  limit: number;
}

export const countFields = [
  'state',
  'type',
  'os',
  'agent',
  'supervisor',
  'supervisor-state',
  'app',
  'commit',
  'staged',
  'update',
  'mode',
  'gate',
  'approval',
  'join-token',
] as const;

/** A field of facts, or `label.<key>`. */
export type CountField = (typeof countFields)[number] | `label.${string}`;

export interface ValueCount {
  /** Empty: they have none. */
  value: string;
  count: number;
}

export interface EventQuery extends StoreEventFilter {
  after?: number | undefined;
  before?: number | undefined;
  limit: number;
}

export interface BulkResultQuery {
  outcome?: BulkOutcome | undefined;
  afterNodeId?: string | undefined;
  limit: number;
}

export interface Sweep {
  nowMs: number;
  /** When Cloudly began to accept requests. For two intervals from then, nobody is found late. */
  upSinceMs: number;
  /** How many nodes at most. */
  limit: number;
}

export interface KeepAlerts {
  nowMs: number;
  /** Nodes with the same value of this label that go offline together have one alert. */
  groupLabel: string;
  /** How many nodes and alerts at most. */
  limit: number;
}

export interface AlertsKept {
  /** There may be more to do at once. */
  isMore: boolean;
}

export interface Swept {
  moved: SweptNode[];
  /** There may be more to do at once. */
  isMore: boolean;
}

export interface SweptNode {
  nodeId: string;
  from: ReportedState;
  to: ReportedState;
}
