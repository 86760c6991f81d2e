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
import { reportSupervisor, type SupervisorReport } from '../supervisor/report-supervisor.js';
import { lookAtSupervisor } from '../supervisor/supervisor-look.js';
import { type DoctorReport, doctorReport } from '../doctor/doctor-report.js';
import { gatherFacts } from '../facts/gather-facts.js';
import { version } from '../about/version.js';
import { knownValuesOf } from './redact-configuration.js';
import type { KnownValue } from './redaction.js';

/** What is known of the device and its agent, as it is: personal data is still in it. */
export interface Documents {
  doctor: DoctorReport;
  /** Absent where the configuration does not let it be told; the doctor says why. */
  status?: Awaited<ReturnType<typeof reportStatus>> | undefined;
  nextRequest?: Awaited<ReturnType<typeof reportNextRequest>> | undefined;
  supervisor?: SupervisorReport | undefined;
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
  const supervisor = lookAtSupervisor(config);
  const options = { version, supervisor: supervisor?.reads, builtMs };
  try {
    const [facts, status, nextRequest, recentLog] = await Promise.all([
      gatherFacts({ env, config, supervisor }),
      whereUsable(reportStatus(env, options)),
      whereUsable(reportNextRequest(env, options)),
      readRecentLog(config),
    ]);
    const lines = recentLog?.split('\n').flatMap(parseLine) ?? [];
    return {
      doctor: doctorReport(facts),
      status,
      nextRequest,
      supervisor: reportSupervisor(facts.supervisor),
      recentLog: lines,
      known,
    };
  } finally {
    supervisor?.close();
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
