export { createFleetApi, type FleetApi, type FleetApiOptions } from './server/create-fleet-api.js';
export { createFleetClient, type FleetClient, type FleetClientOptions } from './client/create-fleet-client.js';
export { operatorRoles } from './operators/operator-roles.js';
export type { CallerOperators } from './operators/caller-operators.js';
export type {
  Acceptance,
  Credentials,
  InvitationOptions,
  Me,
  NewApiToken,
  NewInvitation,
  OfferedInvitation,
  Operators,
  PasswordChange,
  ShownApiToken,
  ShownInvitation,
  ShownOperator,
  ShownSession,
  SignedIn,
  SignedOut,
  Visit,
} from './operators/operators.js';
export type { FollowEventsOptions } from './client/follow-events.js';
export type { StreamLimits } from './event-stream/stream-places.js';
export {
  FleetApiError,
  isFleetApiError,
  type FleetApiErrorCode,
  type FleetApiErrorOptions,
} from './problems/fleet-api-error.js';
export { type FleetProblem } from './problems/problem.js';
export { fleetProblems, type FleetProblemCode, type RequestProblemCode } from './problems/problem-table.js';
export { formatCsvRecord, withoutGuard, type CsvValue } from './csv/format-csv.js';
export { findNodeCsvColumn, nodeCsvColumns, type NodeCsvColumn } from './csv/node-csv-columns.js';
