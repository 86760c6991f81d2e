export { createCloudlyHandlers, type CloudlyHandlers } from './create-cloudly-handlers.js';
export { type CloudlyHandlersOptions } from './handler-options.js';
export type {
  CloudlyEvent,
  HeartbeatReceived,
  NodePending,
  NodeRegistered,
  NodeTokenActivated,
  NodeTokenIssued,
  RequestRefused,
} from './cloudly-event.js';

export {
  createJoinToken,
  joinTokenState,
  type CreatedJoinToken,
  type JoinTokenOptions,
  type JoinTokenState,
} from './join-token.js';
export { approveNode, revokeNode, type OperatorOptions } from './operator.js';

export type {
  FleetStore,
  IssuedNodeToken,
  JoinTokenRecord,
  NodeRecord,
  NodeReport,
  StatusHead,
  StoredHeartbeat,
  StoredNode,
  StoredStatus,
  SupersededBoot,
} from './fleet-store.js';
export { createMemoryStore } from './memory-store.js';
export { FleetStoreError, isFleetStoreError, type FleetStoreErrorCode } from './fleet-store-error.js';
