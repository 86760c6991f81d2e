export {
  endpoints,
  endpointUrl,
  JSON_MEDIA_TYPE,
  PROBLEM_MEDIA_TYPE,
  PROTOCOL_VERSION,
  type EndpointName,
} from './endpoints.js';
export { limits } from './limits.js';
export { misleadingUrl } from './misleading-url.js';

export {
  registerAcceptedSchema,
  registerAnswerSchema,
  registerPendingSchema,
  registerRequestSchema,
  type RegisterAccepted,
  type RegisterAnswer,
  type RegisterPending,
  type RegisterRequest,
} from './register.js';
export {
  heartbeatAnswerSchema,
  heartbeatRequestSchema,
  type HeartbeatAnswer,
  type HeartbeatRequest,
} from './heartbeat.js';
export {
  runtimeStatusSchema,
  supervisorStatusSchema,
  type AvailableSupervisor,
  type RuntimeStatus,
  type SupervisorStatus,
} from './runtime-status.js';
export { vitalsSchema, type Vitals } from './vitals.js';
export {
  desiredStateSchema,
  logLevels,
  settingsSchema,
  type DesiredState,
  type LogLevel,
  type Settings,
} from './desired-state.js';
export {
  commandKinds,
  commandOutcomes,
  commandResultSchema,
  commandSchema,
  runningCommandSchema,
  type Command,
  type CommandKind,
  type CommandOutcome,
  type CommandResult,
  type RunningCommand,
} from './command.js';
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
} from './problem.js';
export { problemHeaders, type ProblemHeadersOptions } from './problem-headers.js';
export {
  provisionalHeartbeatAnswerSchema,
  provisionalHeartbeatRequestSchema,
  provisionalRegisterAnswerSchema,
  provisionalRegisterRequestSchema,
  type ProvisionalHeartbeatAnswer,
  type ProvisionalHeartbeatRequest,
  type ProvisionalRegisterAnswer,
  type ProvisionalRegisterRequest,
} from './provisional.js';

export {
  parseHeartbeatRequest,
  parseProvisionalHeartbeatRequest,
  parseProvisionalRegisterRequest,
  parseRegisterRequest,
  type ParsedRequest,
} from './parse-request.js';
export { bearerOf } from './bearer.js';
export { judgeRequestHead, type RequestHead } from './request-head.js';
export { type RequestHeaders } from './request-headers.js';
export { type RequestInput, type WholeRequest } from './request-input.js';
export { readBoundedBody, type ByteStream } from './read-bounded-body.js';
export {
  parseHeartbeatAnswer,
  parseProblem,
  parseProvisionalHeartbeatAnswer,
  parseProvisionalRegisterAnswer,
  parseRegisterAnswer,
  type ParsedAnswer,
} from './parse-answer.js';

export {
  cloudlyIdSchema,
  nodeIdSchema,
  nodeTokenSchema,
  registrationKeySchema,
  type OpenEnum,
} from './schema-parts.js';
export { approvalCode, deriveRegistrationKey, parseApprovalCode } from './registration-key.js';
export { isSafeText } from './safe-json.js';
