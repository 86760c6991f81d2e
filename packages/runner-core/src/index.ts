export { BaseRunner } from './base-runner.js';
export type { BaseRunnerOptions } from './base-runner-options.js';
export type { FromEnvOptions } from './from-env.js';
export { BaseRunnerError, isBaseRunnerError, type BaseRunnerErrorCode } from './runner-error.js';

export { parseConfig, type Environment, type ParseConfigOptions, type ParsedConfig } from './config/parse-config.js';
export type { ConfigMistake } from './config/config-mistake.js';
export { judgeMistakes, type JudgedMistakes, type NodeStanding } from './config/judge-mistakes.js';
export { judgeConfiguration } from './identity/judge-configuration.js';
export { configFromEnv, readableConfigFromEnv } from './from-env.js';
export type { CloudlyProxy, DeviceFacts, LogFormat, RunnerConfig, ValueSource } from './config/runner-config.js';
export { type ListenAddress, showListenAddress } from './config/listen-address.js';
export { tokenForm, type TokenForm, type TokenKind, type TokenSlip } from './config/token-form.js';
export { variables, type Variable, type VariableName } from './config/variables.js';

export type { Impermanence } from './identity/impermanence.js';
export { openIdentity, type OpenIdentityOptions } from './identity/open-identity.js';
export {
  readIdentity,
  type ReadIdentityOptions,
  type StoredEnrolment,
  type StoredIdentity,
} from './identity/read-identity.js';
export {
  describeIdentity,
  type DescribedEnrolment,
  type DescribedFile,
  type IdentityDescription,
} from './identity/describe-identity.js';
export {
  planReset,
  resetIdentity,
  type ResetIdentityOptions,
  type ResetOutcome,
  type ResetStep,
} from './identity/reset-identity.js';
export type { DirectoryLock, LockDirectory, LockRequest } from './identity/directory-lock.js';
export type { Dormancy, Enrolment, Identity } from './identity/identity.js';
export type { IdentityNotice, IdentitySource, IdentityStore, UnreadableIdentity } from './identity/identity-store.js';
export { Secret } from './secret.js';

export { examineState, type StateExamination } from './doctor/examine-state.js';
export { clockRemedy, describeClockSkew, describeEarlyClock } from './status/clock-words.js';
export { reportStatus, type ReportStatusOptions, type StatusReport } from './status/report-status.js';
export { describeLastHang, lastHangPath, readLastHang, type LastHang } from './status/last-hang.js';
export { reportNextRequest, type NextRequestReport } from './status/report-next-request.js';
export type { NextRequest } from './loop/next-request.js';
export { whoseIs } from './config/whose-is.js';
export { foreignStatus } from './status/foreign-status.js';
export { readRecentLog } from './status/read-recent-log.js';
export { readPublishedStatus, type ReadPublishedStatusOptions } from './status/read-published-status.js';
export {
  defaultRunPaths,
  HEALTHY_UNTIL_FILE_NAME,
  RECENT_LOG_FILE_NAME,
  STATUS_FILE_NAME,
  type FoundStatus,
  type PublishedStatus,
} from './status/published-status.js';
export type { Connectivity, NodeState, PlannedCall, RunnerStatus } from './status/runner-status.js';

export { silentLogger, type LogFields, type Logger } from './logger.js';
export { systemClock, type Clock } from './ports/clock.js';
export type { CloudlyCalls } from './ports/cloudly-calls.js';
export type { FileStatus, FileSystem, VolumeFacts, WritableFile } from './ports/file-system.js';
export type { HostFacts, Machine, MachineVitals } from './ports/machine.js';
export { systemRandomness, type Randomness } from './ports/randomness.js';
export type { StatusPublisher } from './ports/status-publisher.js';
export type { SupervisorReads } from './ports/supervisor-reads.js';
export type { Watchdog } from './ports/watchdog.js';
export { createSystemMachine, type SystemMachineOptions } from './status/system-machine.js';
