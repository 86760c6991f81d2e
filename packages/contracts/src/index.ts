export {
  endpoints,
  endpointUrl,
  JSON_MEDIA_TYPE,
  PROBLEM_MEDIA_TYPE,
  PROTOCOL_VERSION,
  wakeEndpoint,
  type AnyEndpointName,
  type EndpointName,
} from './protocol/endpoints.js';
export { limits } from './protocol/limits.js';
export { misleadingUrl } from './protocol/misleading-url.js';

export {
  registerAcceptedSchema,
  registerAnswerSchema,
  registerPendingSchema,
  registerRequestSchema,
  type RegisterAccepted,
  type RegisterAnswer,
  type RegisterPending,
  type RegisterRequest,
} from './messages/register.js';
export {
  heartbeatAnswerSchema,
  heartbeatRequestSchema,
  type HeartbeatAnswer,
  type HeartbeatRequest,
} from './messages/heartbeat.js';
export { wakeAnswerSchema, wakeOfferSchema, type WakeAnswer, type WakeOffer } from './messages/wake.js';
export {
  gateStates,
  runtimeStatusSchema,
  supervisorStatusSchema,
  type AvailableSupervisor,
  type GateState,
  type RuntimeStatus,
  type SupervisorStatus,
  type UpdatesStatus,
} from './messages/runtime-status.js';
export { vitalsSchema, type Vitals } from './messages/vitals.js';
export {
  desiredStateSchema,
  logLevels,
  settingsSchema,
  updateModes,
  type DesiredState,
  type LogLevel,
  type Settings,
  type UpdateMode,
} from './messages/desired-state.js';
export {
  commandKinds,
  commandOutcomes,
  commandPhases,
  commandRequestSchema,
  commandResultSchema,
  commandSchema,
  runningCommandSchema,
  type Command,
  type CommandKind,
  type CommandOutcome,
  type CommandPhase,
  type CommandRequest,
  type CommandResult,
  type RunningCommand,
} from './messages/command.js';
export { commandTimes, type CommandTimes } from './messages/command-times.js';
export {
  isProblemCode,
  problemDocument,
  problems,
  problemSchema,
  type Issue,
  type JudgedProblem,
  type Problem,
  type ProblemCode,
  type ProblemOccurrence,
  type ReceivedProblem,
} from './messages/problem.js';
export { problemHeaders, type ProblemHeadersOptions } from './answer/problem-headers.js';
export {
  legacyHeartbeatAnswerSchema,
  legacyHeartbeatRequestSchema,
  legacyRegisterAnswerSchema,
  legacyRegisterRequestSchema,
  type LegacyHeartbeatAnswer,
  type LegacyHeartbeatRequest,
  type LegacyRegisterAnswer,
  type LegacyRegisterRequest,
} from './legacy/legacy-messages.js';

export {
  parseHeartbeatRequest,
  parseJsonMessage,
  parseLegacyHeartbeatRequest,
  parseLegacyRegisterRequest,
  parseRegisterRequest,
  type ParsedRequest,
} from './request/parse-request.js';
export { bearerOf } from './request/bearer.js';
export { judgeRequestHead, type RequestHead } from './request/request-head.js';
export { type RequestHeaders } from './request/request-headers.js';
export { type RequestInput, type WholeRequest } from './request/request-input.js';
export { createBodyCollector, type BodyCollector } from './reading/body-collector.js';
export { readBoundedBody, type ByteStream } from './reading/read-bounded-body.js';
export {
  parseHeartbeatAnswer,
  parseProblem,
  parseLegacyHeartbeatAnswer,
  parseLegacyRegisterAnswer,
  parseRegisterAnswer,
  parseWakeAnswer,
  type ParsedAnswer,
} from './answer/parse-answer.js';

export {
  cloudlyIdSchema,
  nodeIdSchema,
  nodeTokenSchema,
  registrationKeySchema,
  type OpenEnum,
} from './schema/schema-parts.js';
export { approvalCode, deriveRegistrationKey, parseApprovalCode } from './credentials/registration-key.js';
export {
  composeToken,
  readToken,
  TOKEN_LENGTH,
  type ComposedToken,
  type TokenBytes,
  type TokenKind,
  type TokenReading,
} from './credentials/token.js';
export { issuesOf } from './reading/issues.js';
export { isSafeText } from './reading/safe-json.js';
export { safeText } from './values/safe-text.js';
export { usableCount, usableNumber } from './values/usable-number.js';
