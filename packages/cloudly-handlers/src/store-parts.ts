// What a store for operators derives and decides, without what it keeps it in. The memory store is made of these alone.

// For whom a store does something, and how what it tells is written.
export {
  instantOf,
  ofCaller,
  ofNodes,
  writtenEvent,
  isVisibleJoinToken,
  requireVisibleJoinToken,
  type Behalf,
  type Occasion,
} from './stores/records/behalf.js';
export { operatorPart } from './stores/records/operator-part.js';
export type {
  AlertOperations,
  BulkOperations,
  CommandOperations,
  JoinTokenOperations,
  ProfileOperations,
  ViewOperations,
} from './stores/records/store-operations.js';
export { createListeners } from './fleet/listeners.js';
export { passesFilter } from './events/event-filter.js';
export { AUDIT_EVENTS_KEPT_MS, EVERYDAY_EVENTS_KEPT_MS } from './events/audit.js';

// Nodes: their facts, how they are heard, and what is told of a change.
export { firstProfile } from './stores/records/first-profile.js';
export {
  deriveCreated,
  deriveProfiled,
  deriveReplaced,
  deriveReported,
  deriveSwept,
  type DerivedNode,
  type NodeMove,
} from './stores/records/derive-node.js';
export type { NodeSources } from './stores/records/node-sources.js';
export { nodeEvents } from './stores/records/node-events.js';
export { sweptNode } from './stores/records/swept-node.js';
export { changesOfRemoval } from './events/node-changes.js';
export { FACTS_VERSION } from './facts/node-facts.js';
export { approvalOf } from './facts/approval.js';
export { NEVER_SEEN_MS, shownQuietSince } from './facts/quiet-since.js';

// Reports: what is kept of many, and their history.
export {
  foldReports,
  headOf,
  withoutCounts,
  type LastHeartbeat,
  type Presence,
} from './stores/records/fold-reports.js';
export { addSlot, inOrder } from './stores/records/list-slots.js';
export { resolveHistory } from './fleet/history.js';

// Lists: the columns that nodes are sorted and counted by.
export { factColumns, type FactColumns } from './stores/records/fact-rows.js';
export { isLabelField, sortColumns, textColumns } from './stores/records/field-columns.js';
export { foldText } from './facts/fold-text.js';

// Commands and join tokens.
export { changeOfCancelled, changeOfEnded, changeOfFinished, changeOfQueued } from './events/command-changes.js';
export { isTimeUp } from './fleet/command-end.js';
export { changeOfJoinToken, changeOfRevokedJoinToken } from './events/join-token-changes.js';

// Views, bulk jobs and rollouts.
export { isVisibleView, visibleViews } from './stores/records/view-rows.js';
export { confirmJob, endJob, isRunning, stopJob, type JobChange } from './stores/records/bulk-changes.js';
export { JOBS_KEPT_MS, UNCONFIRMED_JOBS_KEPT_MS } from './stores/records/bulk-rows.js';
export {
  inOrderOfRollouts,
  isInFlight,
  isOldRollout,
  isRolloutOver,
  isVisibleRollout,
} from './stores/records/rollout-rules.js';
export { byNode, memberOrder } from './stores/records/member-order.js';

// Alerts and maintenances.
export { mostUrgent } from './alerts/alert-kinds.js';
export { conditionsOf, conditionText } from './alerts/conditions-of.js';
export { judgeNode, type NodeToJudge } from './alert-keeping/judge-node.js';
export {
  CANDIDATES_MAX,
  isRecent,
  judgeGroups,
  outageValues,
  type GroupSources,
  type OutageCandidate,
} from './alert-keeping/judge-groups.js';
export { groupsToRead, valuesWithoutAlert } from './alert-keeping/groups-to-read.js';
export { isGroupAlert, type KeptAlert, type KeptGroupAlert, type KeptNodeAlert } from './alert-keeping/kept-alert.js';
export { alertChanges, type AlertChanges } from './stores/records/alert-changes.js';
export { alertOf } from './stores/records/alert-list.js';
export { rankOf } from './stores/records/alert-rows.js';
export { eventsOfSnooze } from './stores/records/snooze-changes.js';
export {
  MAINTENANCES_KEPT_MS,
  changeOfMaintenance,
  endMaintenance,
  isVisibleMaintenance,
} from './stores/records/maintenance-rows.js';

// Accounts and webhooks.
export {
  accountRows,
  accountsOf,
  foundApiToken,
  foundSession,
  removedAccounts,
  type AccountRow,
  type FoundRow,
} from './stores/records/account-rows.js';
export { changeHealth } from './webhooks/change-health.js';
