export { BaseRunner } from './base-runner.js';
export type { BaseRunnerOptions } from './base-runner-options.js';
export type { FromEnvOptions } from './from-env.js';
export { BaseRunnerError, isBaseRunnerError, type BaseRunnerErrorCode } from './config/runner-error.js';

export { parseConfig, type Environment, type ParseConfigOptions, type ParsedConfig } from './config/parse-config.js';
export type { ConfigMistakeCode, ConfigWarningCode } from './config/config-codes.js';
export type { ConfigMistake } from './config/config-mistake.js';
export type { ConfigWarning } from './config/config-warning.js';
export { judgeMistakes, type JudgedMistakes, type NodeStanding } from './config/judge-mistakes.js';
export { judgeConfiguration } from './store/judge-configuration.js';
export { arePlacesKnown, configFromEnv, readableConfigFromEnv } from './config/config-from-env.js';
export type { CloudlyProxy } from './config/cloudly-proxy.js';
export type { DeviceFacts, LogFormat, RunnerConfig, Settings, ValueSource } from './config/runner-config.js';
export { type ListenAddress, showListenAddress } from './config/listen-address.js';
export { tokenForm, type TokenForm, type TokenSlip } from './config/token-form.js';
export type { TokenKind } from '@serve.zone/baseos-contracts';
export type { SettingArea, Variable } from './config/setting.js';
export { variables, variablesIn, type VariableName } from './config/variables.js';

export type { Impermanence } from './disk/impermanence.js';
export type { PreviewedIdentity } from './store/preview-identity.js';
export { openIdentity, type OpenIdentityOptions } from './store/open-identity.js';
export {
  readIdentity,
  type ReadIdentityOptions,
  type StoredEnrolment,
  type StoredIdentity,
} from './store/read-identity.js';
export {
  describeIdentity,
  type DescribedEnrolment,
  type DescribedFile,
  type IdentityDescription,
} from './reports/describe-identity.js';
export {
  planReset,
  resetIdentity,
  type ResetIdentityOptions,
  type ResetOutcome,
  type ResetStep,
} from './store/reset-identity.js';
export type { DirectoryLock, LockDirectory, LockRequest } from './lock/directory-lock.js';
export type { Dormancy, Enrolment, Identity } from './identity/identity.js';
export type { IdentityNotice, IdentitySource, IdentityStore, UnreadableIdentity } from './identity/identity-store.js';
export { type Explanation, inSentences, type Notice, type Problem } from './values/problem.js';
export { Secret } from './values/secret.js';
export { describeSupervisorError, type SupervisorProblem } from './device/describe-supervisor-error.js';
export { supervisorMistake } from './device/supervisor-mistake.js';
export { labelRemedy } from './device/supervisor-problems.js';
export { agentProblem, type AgentProblemCode, type CloudlyFailure } from './loop/agent-problems.js';
export { findHookProblem } from './commands/policy/hook-executable.js';
export type { StorageProblem } from './disk/storage-problem.js';
export type { StorageProblemCode } from './disk/storage-problems.js';
export type { IdentityNoticeCode } from './identity/notice-codes.js';

export { commandsReport, type CommandsReport } from './reports/commands-report.js';
export type { DescribedCommand } from './reports/described-command.js';
export { reportCommands } from './reports/report-commands.js';
export { type AcceptedCommands, acceptedCommands } from './commands/policy/accepted-commands.js';
export { examineDirectory, type DirectoryExamination } from './reports/examine-directory.js';
export { gatherNodeFacts, type NodeFacts } from './reports/node-facts.js';
export type { Observation } from './device/device-observer.js';
export { observeDevice } from './reports/observe-device.js';
export { clockRemedy, describeClockSkew, describeEarlyClock } from './device/clock-words.js';
export { lookAtIdentity, type IdentityLook, type LookAtIdentityOptions } from './reports/look-at-identity.js';
export type { ReportOptions } from './reports/report-options.js';
export type { DescribedStanding } from './reports/describe-standing.js';
export { reportStatus, type ReportStatusOptions } from './reports/report-status.js';
export { statusReport, type StatusReport, type StatusReportParts } from './reports/status-report.js';
export { lastHangPath, readLastHang, type LastHang } from './reports/last-hang.js';
export { reportNextRequest } from './reports/report-next-request.js';
export { nextRequestReport, type NextRequestReport } from './reports/next-request-report.js';
export { joinTokenMissing, nodeRevoked, type RunnerProblem } from './loop/runner-problem.js';
export type { NextRequest } from './loop/compose-call.js';
export { whoseIs } from './config/whose-is.js';
export { supervisorOf } from './device/supervisor-of.js';
export {
  agentHung,
  clockWrong,
  statusElsewhere,
  statusForeign,
  type StatusNotice,
  type StatusNoticeCode,
  statusUnreadable,
} from './reports/status-notices.js';
export { readRecentLog } from './reports/read-recent-log.js';
export { readPublishedStatus, type ReadPublishedStatusOptions } from './reports/read-published-status.js';
export type { FoundStatus, PublishedStatus } from './status/published-status.js';
export {
  defaultRunPaths,
  HEALTHY_UNTIL_FILE_NAME,
  RECENT_LOG_FILE_NAME,
  STATUS_FILE_NAME,
} from './config/agent-files.js';
export type { RunnerStatus } from './status/runner-status.js';
export type { WakingStatus } from './waking/waking-status.js';
export type { Call, Connectivity, NodeState, PlannedCall } from './loop/node-state.js';

export { silentLogger, type LogFields, type Logger } from './ports/logger.js';
export { systemClock, type Clock } from './ports/clock.js';
export type { CloudlyCalls } from './ports/cloudly-calls.js';
export type { FileStatus, FileSystem, VolumeFacts, WritableFile } from './ports/file-system.js';
export type { HostFacts, Machine, MachineVitals } from './ports/machine.js';
export { systemRandomness, type Randomness } from './ports/randomness.js';
export type { StatusPublisher } from './ports/status-publisher.js';
export type { SupervisorReads } from './ports/supervisor-reads.js';
export type { Watchdog } from './ports/watchdog.js';
export { createSystemMachine, type SystemMachineOptions } from './device/system-machine.js';

export type { CommandSupervisor } from './base-runner-options.js';
export type { CommandVerdict, OnCommand } from './commands/policy/on-command.js';
export type { CommandsOverview, ShownCommand } from './commands/worker/commands-overview.js';
export type { EndedCount } from './commands/worker/ended-counts.js';
export { openFileJournal, type FileJournalOptions } from './commands/journal/file-journal.js';
export type { CommandJournal, FoundJournal, JournalNode, OpenJournal } from './commands/journal/command-journal.js';
export type { JournalContent, JournalOwner } from './commands/journal/journal-document.js';
export type {
  AskedEntry,
  EndedEntry,
  EntryBase,
  JournalEntry,
  ListedCommand,
  TakenEntry,
  TimeSpent,
  ToldEntry,
} from './commands/journal/journal-entry.js';
export type { AskNotes } from './commands/actions/command-action.js';
export type { DeviceReads } from './commands/device/read-device-view.js';
export type { SupervisorCommands } from './ports/supervisor-commands.js';
export type { AcceptedKinds } from './config/accepted-kinds.js';
