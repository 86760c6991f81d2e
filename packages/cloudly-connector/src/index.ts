export {
  CloudlyConnector,
  type CloudlyConnectorOptions,
  type HeartbeatOptions,
  type RegisterOptions,
} from './cloudly-connector.js';
/** @deprecated Name the class. */
export type { CloudlyConnector as CloudlyConnectorShape } from './cloudly-connector.js';
export type { FetchLike } from './fetch-like.js';
export type { HeartbeatOutcome, JoinTokenProblemCode, NoVerdict, Refused, RegisterOutcome } from './outcome.js';
