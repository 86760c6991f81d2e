export { createCloudlyHandlers, type CloudlyHandlers } from './create-cloudly-handlers.js';
export { type CloudlyHandlersOptions } from './handler-options.js';
export type { CloudlyHooks, Hook } from './hooks.js';
export type { JoinTokenVerdict, VerifiedJoinToken, VerifyJoinToken } from './verify-join-token.js';
export type {
  CloneSuspected,
  CloudlyEvent,
  CommandFinished,
  HeartbeatReceived,
  NodePending,
  NodeRebound,
  NodeRegistered,
  NodeTokenActivated,
  NodeTokenIssued,
  ProvisionalNodeHeard,
  RequestRefused,
} from './cloudly-event.js';

export {
  createJoinToken,
  joinTokenState,
  type CreatedJoinToken,
  type JoinTokenOptions,
  type JoinTokenState,
} from './join-token.js';
export {
  allowRebind,
  approveNode,
  forgetNode,
  resolveClone,
  revokeNode,
  rotateNodeToken,
  unrevokeNode,
  voidNodeTokens,
  type OperatorOptions,
  type RebindOptions,
} from './operator.js';
export { freezeJoinTokens, type FreezeJoinTokensOptions } from './freeze-join-tokens.js';
export { adoptNode, type AdoptedNode } from './adopt-node.js';
export { isContested, rivalBoots } from './clone-suspicion.js';
export { queueCommand, type CommandOrder } from './queue-command.js';
export { commandState, type CommandState } from './command-state.js';
export { connectivityOf, type Connectivity } from './connectivity.js';

export { readHeartbeatRequest, readRegisterRequest } from './read-request.js';
export { addressKey } from './address-key.js';
export { problemResponse, type ProblemSpeaker } from './problem-response.js';

export { COMMANDS_KEPT_MS } from './fleet-store.js';
export type { CreateNodeOutcome, FleetStore, NodeCounts, StoredNode } from './fleet-store.js';
export type { CommandRecord, TakenResult } from './command-record.js';
export type { JoinTokenRecord } from './join-token-record.js';
export type { CloneResolution, IssuedNodeToken, NodeRecord, SupersededBoot } from './node-record.js';
export type { NodeReport, StatusHead, StoredHeartbeat, StoredStatus } from './node-report.js';
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
} from './history.js';
export { createMemoryStore, type MemoryStoreOptions } from './memory-store.js';
export { FleetStoreError, isFleetStoreError, type FleetStoreErrorCode } from './fleet-store-error.js';
