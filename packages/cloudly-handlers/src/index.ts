export { createCloudlyHandlers, type CloudlyHandlers } from './create-cloudly-handlers.js';
export { type CloudlyHandlersOptions } from './context/handler-options.js';
export type { JoinTokenVerdict, VerifiedJoinToken, VerifyJoinToken } from './context/verify-join-token.js';
export type {
  CloneSuspected,
  HandlerEvent,
  CommandEnded,
  CommandFinished,
  CommandListed,
  CommandPhaseChanged,
  HeartbeatReceived,
  NodePending,
  NodeRebound,
  NodeRegistered,
  NodeTokenActivated,
  NodeTokenIssued,
  LegacyNodeHeard,
  RequestRefused,
  WaitEnded,
} from './context/handler-event.js';

export { createJoinToken, type CreatedJoinToken, type JoinTokenOptions } from './operator/create-join-token.js';
export { joinTokenState, type JoinTokenState } from './fleet/join-token.js';
export {
  allowRebind,
  approveNode,
  forgetNode,
  resolveClone,
  revokeNode,
  rotateNodeToken,
  unrevokeNode,
  voidNodeTokens,
  type RebindOptions,
} from './operator/operator.js';
export type {
  CommandCancelled,
  CommandQueued,
  OperatorChange,
  OperatorEvent,
  OperatorOptions,
} from './operator/operator-event.js';
export { cancelCommand, type CancelOutcome } from './operator/cancel-command.js';
export { commandMistake } from './operator/command-mistake.js';
export { setUpdatesMode } from './operator/set-updates-mode.js';
export type { CommandWarning } from './operator/command-warnings.js';
export { freezeJoinTokens, type FreezeJoinTokensOptions } from './operator/freeze-join-tokens.js';
export { adoptNode, type AdoptedNode } from './operator/adopt-node.js';
export { isContested, rivalBoots } from './fleet/clone-suspicion.js';
export { queueCommand, type QueueOutcome } from './operator/queue-command.js';
export type { CommandOrder } from './fleet/command-order.js';
export { commandEndsAtMs, timeUpAtMs } from './fleet/command-end.js';
export { commandState, hasBegun, isCommandOver, type CommandState } from './fleet/command-state.js';
export { connectivityOf, type Connectivity } from './fleet/connectivity.js';

export { readHeartbeatRequest, readRegisterRequest } from './messages/read-request.js';
export { addressKey } from './serve/address-key.js';
export { problemResponse, type ProblemIssuer } from './messages/problem-response.js';
export type { SeenRequest } from './messages/served-request.js';

export { createLocalDoorbell, type Doorbell } from './fleet/doorbell.js';
export { COMMANDS_KEPT_MS } from './fleet/node-store.js';
export type {
  AddCommandOutcome,
  CreateNodeOutcome,
  EndedCommand,
  NodeStore,
  NodeCounts,
  SavedProgress,
  StoredNode,
} from './fleet/node-store.js';
export type { CommandProgress, CommandRecord, TakenResult } from './fleet/command-record.js';
export type { JoinTokenRecord } from './fleet/join-token-record.js';
export type { CloneResolution, IssuedNodeToken, NodeRecord, SupersededBoot, UpdatesMode } from './fleet/node-record.js';
export type { NodeReport, StatusHead, StoredHeartbeat, StoredStatus } from './fleet/node-report.js';
export {
  historyResolutions,
  mergeSlots,
  oldestSlotMs,
  openSlot,
  turnSlots,
  type CountedHeartbeat,
  type HistoryKept,
  type HistoryOptions,
  type HistoryResolution,
  type HistorySlot,
  type SlotCounts,
  type SlotTurn,
} from './fleet/history.js';
export { createMemoryStore, type MemoryStoreOptions } from './stores/memory/memory-store.js';
export {
  FleetStoreError,
  isFleetStoreError,
  isPassing,
  type FleetStoreErrorCode,
  type FleetStoreErrorOptions,
} from './fleet/fleet-store-error.js';

export { createFleet, type FleetOptions } from './create-fleet.js';
export { type CallerFleet, fleetFor } from './fleet-calls/caller-fleet.js';
export type { Caller } from './fleet-calls/caller.js';
export { type Role, roles } from './roles/role.js';
export type {
  Accounts,
  ApiTokenRecord,
  InvitationRecord,
  OperatorRecord,
  Rights,
  SessionRecord,
} from './accounts/accounts.js';
export { isUsableApiToken } from './accounts/is-usable-api-token.js';
export { freezeAccounts, type FreezeAccountsOptions, type FrozenAccounts } from './accounts/freeze-accounts.js';
export type {
  AccountChange,
  AccountKind,
  AccountStore,
  FoundApiToken,
  FoundSession,
  StoreWithAccounts,
} from './accounts/account-store.js';
export type {
  CreatedWebhook,
  DeliveryListQuery,
  EnableWebhook,
  NewWebhook,
  ShownWebhook,
  WebhookCalls,
  WebhookChange,
  WebhookChanges,
  WebhookKeyState,
} from './fleet-calls/webhook-calls.js';
export type { ServerKey } from './webhooks/server-key.js';
export type { WebhookAnswer, WebhookRequest, WebhookSender } from './webhooks/webhook-sender.js';
export type { WebhookServices } from './webhooks/webhook-services.js';
export type { SentNode, WebhookBody } from './webhooks/webhook-body.js';
export { describeProblem } from './webhooks/describe-problem.js';
export { retryWaitsMs } from './webhooks/retries.js';
export { FleetError, isFleetError, type FleetErrorCode, type FleetErrorOptions } from './fleet-calls/fleet-error.js';
export { fleetRoles, hasRole, type NeededRole } from './fleet-calls/fleet-roles.js';
export type {
  LimitChanges,
  NewLimits,
  NewRollout,
  NewWave,
  ResumeOptions,
  RevisionOption,
  RolloutCalls,
  RolloutChanges,
  RolloutListQuery,
  RolloutMemberQuery,
} from './fleet-calls/rollout-calls.js';
export type {
  Obstacle,
  ObstacleCode,
  Prediction,
  PredictionBasis,
  PreviewedGroups,
  PreviewedWave,
  RolloutPreview,
} from './rollout-preview/rollout-preview.js';
export { describeReason, memberWords } from './why/describe-reason.js';
export { describeRollout } from './why/describe-rollout.js';
export { countAll as countAllMembers, memberCountOf } from './rollouts/wave-counts.js';
export type { NodeReasons } from './why/node-reasons.js';
export type { NamedRollout, Reason, ReasonCode, ReasonOfCommand, ReasonOfNode, ReasonOfRollout } from './why/reason.js';
export type { TooManyFailures } from './rollouts/failures.js';
export type {
  ApproveOptions,
  BulkPreview,
  CancelledCommand,
  EventListQuery,
  Fleet,
  FleetSummary,
  LabelChanges,
  LiveNode,
  NewJoinToken,
  NewView,
  NodeCount,
  NodeCountQuery,
  NodeDecision,
  NodeDetails,
  NodeQuery,
  ProfileChange,
  QueuedCommand,
  Recovered,
  Rival,
  RunBulkOptions,
  ShownJoinToken,
  ShownRecord,
  TimelineQuery,
  ValueQuery,
} from './fleet-calls/fleet.js';
export type { FleetNode } from './fleet-store/fleet-node.js';
export type {
  AlertCalls,
  AlertQuery,
  AlertSelection,
  MaintenanceListQuery,
  NewMaintenance,
  NewSnooze,
  ShownAlert,
  ShownAlertPage,
} from './fleet-calls/alert-calls.js';
export type { SelectorInput } from './fleet-calls/selector-input.js';
export {
  countFields,
  sortKeys,
  type BulkResultQuery,
  type CountByQuery,
  type CountField,
  type CountQuery,
  type EventQuery,
  type FleetCursor,
  type FleetPage,
  type FleetQuery,
  type FleetSort,
  type FleetStore,
  type OperatorStore,
  type SortKey,
  type StoreCaller,
  type AlertsKept,
  type KeepAlerts,
  type Sweep,
  type Swept,
  type SweptNode,
  type ValueCount,
} from './fleet-store/fleet-store.js';
export type { BulkJob, BulkOutcome, BulkProgress, BulkResult } from './fleet-store/bulk-job.js';
export type { SavedView } from './fleet-store/saved-view.js';
export {
  DELIVERIES_KEPT_MS,
  deliveryProblems,
  deliveryStates,
  WAITING_MAX,
  type AttemptResult,
  type Delivery,
  type DeliveryKind,
  type DeliveryProblem,
  type DeliveryState,
  type DisabledReason,
  type StoredWebhook,
  type Webhook,
  type WebhookPlace,
} from './fleet-store/webhook.js';
export type {
  DeliveryQuery,
  Disabling,
  DueWebhook,
  Enabling,
  EndedAttempt,
  NewDelivery,
  ReceiverVerdict,
  TakeDeliveries,
  WebhookMove,
  WebhookStore,
} from './fleet-store/webhook-store.js';
export { formatSort, parseSort } from './fleet-store/sort-text.js';
export type { BulkAction } from './fleet/bulk-action.js';
export {
  memberStates,
  rolloutStates,
  type MemberReason,
  type MemberState,
  type PauseReason,
  type RolloutState,
} from './fleet/rollout-states.js';
export type { Rollout, RolloutCommand, RolloutLimits, RolloutWindow, Wave, WaveCounts } from './fleet-store/rollout.js';
export type { RolloutMember, SeenMember } from './fleet-store/rollout-member.js';
export type {
  CommandOfNode,
  MemberListQuery,
  Membership,
  OfferedCommand,
  RolloutChange,
  RolloutQuery,
  RolloutStore,
  SeenMemberQuery,
} from './fleet-store/rollout-store.js';
export {
  createRolloutRunner,
  type RolloutRunner,
  type RolloutRunnerOptions,
} from './rollouts/create-rollout-runner.js';
export { startRollout, type StartOptions, type StartOutcome } from './rollouts/start-rollout.js';
export {
  type RolloutFleet,
  stepRollout,
  type StepOptions,
  type StepOutcome,
  type StepStore,
} from './rollouts/step-rollout.js';
export type { Alteration } from './rollouts/plan.js';
export type { Draft, MemberMove, Plan } from './rollouts/draft.js';
export type { RolloutView } from './rollouts/rollout-view.js';
export type { NodeProfile } from './fleet/node-profile.js';
export {
  alertKindNames,
  alertKinds,
  alertUrgencies,
  nodeAlertKinds,
  type AlertAction,
  type AlertCall,
  type AlertKind,
  type AlertKindDetails,
  type AlertUrgency,
  type NodeAlertKind,
} from './alerts/alert-kinds.js';
export type {
  Alert,
  AlertCount,
  AlertCursor,
  AlertFilter,
  AlertGroup,
  AlertNode,
  AlertPage,
  AlertSnooze,
  StoreAlertFilter,
  StoreAlertQuery,
} from './fleet-store/alert.js';
export type { AlertStore, MaintenanceQuery } from './fleet-store/alert-store.js';
export type { Maintenance } from './fleet-store/maintenance.js';
export type { Actor } from './events/actor.js';
export { isAuditEvent } from './events/audit.js';
export type { EventFilter, StoreEventFilter } from './events/event-filter.js';
export { createEventFeed, type EventFeed, type EventFeedOptions } from './event-feed/create-event-feed.js';
export type { EventSource } from './event-feed/create-reading.js';
export type { FollowedEvents, FollowOptions, ResetReason } from './event-feed/followed-events.js';
export type { EventReads } from './event-feed/read-window.js';
export { type EventPlace, formatPlace, parsePlace } from './event-feed/event-place.js';
export { fleetEventKinds } from './events/fleet-event-kinds.js';
export type {
  FleetEvent,
  FleetEventBody,
  FleetEventKind,
  FleetWideEventBody,
  NodeChange,
  NodeEventBody,
  WrittenEvent,
} from './events/fleet-event.js';
export {
  nodeStates,
  shownName,
  type AcceptedCommand,
  type NodeApproval,
  type NodeFacts,
  type NodeState,
  type ReportedState,
  type UpdateState,
} from './facts/node-facts.js';
export { parseScope, parseSelector, selectorLimits } from './selector/parse-selector.js';
export { formatLabels } from './selector/format-labels.js';
export { formatScope, formatSelector } from './selector/format-selector.js';
export { isSelectorError, SelectorError } from './selector/selector-error.js';
export { isInScope, matches, type SelectableNode } from './selector/matches.js';
export { labelKeyMistake, labelLimits, labelsMistake, labelValueMistake } from './selector/label-rules.js';
export {
  fieldCalled,
  operatorsOf,
  selectorFields,
  type FieldKind,
  type FieldName,
  type Operator,
  type SelectorField,
} from './selector/selector-fields.js';
export {
  textFields,
  versionFields,
  type Comparison,
  type LabelCondition,
  type LabelTerm,
  type Scope,
  type Selector,
  type SelectorTerm,
  type TextField,
  type VersionField,
} from './selector/selector.js';
