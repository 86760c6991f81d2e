export type {
  CloudlyConnectorOptions,
  CloudlyConnectorShape,
  HeartbeatOptions,
  RegisterOptions,
} from './cloudly-connector.js';
export type { FetchLike } from './fetch-like.js';
export type { HeartbeatOutcome, JoinTokenProblemCode, NoVerdict, Refused, RegisterOutcome } from './outcome.js';
