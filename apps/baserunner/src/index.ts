export { runCli, type RunCliOptions } from './run-cli.js';
export type { SignalSource } from './cli/command-context.js';
export type { ExitCode, TextStream } from '@serve.zone/baseos-command-line';
export type { Program } from './about/program.js';
export type { WrittenArchive } from './commands/diagnose.js';
export type { SupervisorCheck, SupervisorReport } from './supervisor/report-supervisor.js';
export type { DoctorReport } from './doctor/doctor-report.js';
export type { CheckName, Finding, Judgement, Verdict } from './doctor/finding.js';
export type { ResetReport } from './identity/reset-report.js';
export type { UpdateReport } from './commands/request-update.js';
export type { SupervisorProblem } from '@serve.zone/baseos-runner-core';

export { BaseRunner, BaseRunnerError, isBaseRunnerError, Secret } from '@serve.zone/baseos-runner-core';
export type {
  BaseRunnerErrorCode,
  BaseRunnerOptions,
  ConfigMistake,
  ConfigMistakeCode,
  CommandsReport,
  ConfigWarning,
  ConfigWarningCode,
  DescribedCommand,
  DescribedEnrolment,
  DescribedFile,
  CommandVerdict,
  FromEnvOptions,
  IdentityDescription,
  Logger,
  NextRequestReport,
  Notice,
  OnCommand,
  Problem,
  ResetStep,
  RunnerConfig,
  RunnerStatus,
  StatusReport,
} from '@serve.zone/baseos-runner-core';

export { isSupervisorError, SupervisorClient, SupervisorError } from '@serve.zone/balena-supervisor-client';
export type {
  Device,
  ForceOptions,
  StateStatus,
  SupervisorClientOptions,
  SupervisorErrorCode,
  UpdateOptions,
  UpdateReceipt,
} from '@serve.zone/balena-supervisor-client';

export { CloudlyConnector } from '@serve.zone/baseos-cloudly-connector';
export type {
  CloudlyConnectorOptions,
  FetchLike,
  HeartbeatOptions,
  HeartbeatOutcome,
  RegisterOptions,
  RegisterOutcome,
} from '@serve.zone/baseos-cloudly-connector';

export type { HeartbeatRequest, RegisterRequest, RuntimeStatus, Vitals } from '@serve.zone/baseos-contracts';
