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

export {
  createJoinToken,
  joinTokenState,
  type CreatedJoinToken,
  type JoinTokenOptions,
  type JoinTokenState,
} from './fleet/join-token.js';
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
  type FleetStoreErrorCode,
  type FleetStoreErrorOptions,
} from './fleet/fleet-store-error.js';

export type { Caller, Role } from './operator/caller.js';
export { FleetError, isFleetError, type FleetErrorCode, type FleetErrorOptions } from './operator/fleet-error.js';
export { fleetRoles, hasRole, type NeededRole } from './operator/fleet-roles.js';
export type * from './operator/fleet.js';
export { parseScope, parseSelector, selectorLimits } from './selector/parse-selector.js';
export { formatScope, formatSelector } from './selector/format-selector.js';
export { isSelectorError, SelectorError } from './selector/selector-error.js';
export { isInScope, matches, type SelectableNode } from './selector/matches.js';
export { labelKeyMistake, labelLimits, labelsMistake, labelValueMistake } from './selector/label-rules.js';
export {
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
