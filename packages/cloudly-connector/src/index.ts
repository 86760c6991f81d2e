export {
  CloudlyConnector,
  type CloudlyConnectorOptions,
  type HeartbeatOptions,
  type RegisterOptions,
} from './cloudly-connector.js';
export type { FetchLike } from './fetch-like.js';
export type {
  HeartbeatOutcome,
  JoinTokenProblemCode,
  NoVerdict,
  PresenceOutcome,
  Refused,
  RegisterOutcome,
} from './outcome.js';
export { explainTlsError, handshakeBrokenOff } from './explain-tls-error.js';
export { failureOfAddresses } from './failed-addresses.js';
export {
  type FailedAddress,
  isTransportFailure,
  TransportFailure,
  type TransportFailureDetails,
} from './transport-failure.js';
