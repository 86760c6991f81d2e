import {
  createSystemMachine,
  isBaseRunnerError,
  parseConfig,
  readRecentLog,
  reportNextRequest,
  reportStatus,
} from '@serve.zone/baseos-runner-core';
import { builtMs } from '../about/build-time.js';
import type { CommandContext } from '../cli/command-context.js';
import { reportSupervisor } from '../supervisor/report-supervisor.js';
import { createTransport } from '../transport/create-transport.js';
import { type DoctorReport, examine } from '../doctor/examine.js';
import { version } from '../about/version.js';
import { knownValuesOf } from './redact-configuration.js';
import type { KnownValue } from './redaction.js';

/** What is known of the device and its agent, as it is: personal data is still in it. */
export interface Documents {
  doctor: DoctorReport;
  /** Absent where the configuration does not let it be told; the doctor says why. */
  status?: Awaited<ReturnType<typeof reportStatus>> | undefined;
  nextRequest?: Awaited<ReturnType<typeof reportNextRequest>> | undefined;
  supervisor?: Awaited<ReturnType<typeof reportSupervisor>> | undefined;
  /** Of the agent that runs, or of one that was killed; a line each. */
  recentLog: readonly unknown[];
  /** What is somebody's beside that: the host name, the values of variables. */
  known: readonly KnownValue[];
}

/** Asks all that can tell something. It changes nothing, and works with and without a running agent. */
export async function gatherDocuments(env: CommandContext['env']): Promise<Documents> {
  const parsed = parseConfig(env);
  const config = parsed.ok ? parsed.config : parsed.usable;
  const { hostname } = createSystemMachine({ statePath: '/' }).host();
  const known = [...(hostname === undefined ? [] : [{ kind: 'host', value: hostname }]), ...knownValuesOf(env)];
  const transport = createTransport();
  const options = { version, supervisorFetch: transport.fetch, builtMs };
  try {
    const [doctor, status, nextRequest, supervisor, recentLog] = await Promise.all([
      examine(env),
      whereUsable(reportStatus(env, options)),
      whereUsable(reportNextRequest(env, options)),
      reportSupervisor(config),
      readRecentLog(config),
    ]);
    const lines = recentLog?.split('\n').flatMap(parseLine) ?? [];
    return { doctor, status, nextRequest, supervisor, recentLog: lines, known };
  } finally {
    transport.close();
  }
}

async function whereUsable<Report>(report: Promise<Report>): Promise<Report | undefined> {
  try {
    return await report;
  } catch (error) {
    if (isBaseRunnerError(error)) return undefined;
    throw error;
  }
}

function parseLine(line: string): unknown[] {
  try {
    return [JSON.parse(line)];
  } catch {
    return [];
  }
}
