export {
  CloudlyConnector,
  type CloudlyConnectorOptions,
  type HeartbeatOptions,
  type RegisterOptions,
  type WakeOptions,
} from './cloudly-connector.js';
export type { FetchLike } from './transport/fetch-like.js';
export type {
  HeartbeatOutcome,
  JoinTokenProblemCode,
  NoVerdict,
  PresenceOutcome,
  Refused,
  RegisterOutcome,
  WakeOutcome,
} from './outcomes/outcome.js';
export { explainTlsError, handshakeBrokenOff } from './failures/explain-tls-error.js';
export { failureOfAddresses } from './failures/failed-addresses.js';
export {
  type FailedAddress,
  isTransportFailure,
  TransportFailure,
  type TransportFailureDetails,
} from './failures/transport-failure.js';
