import {
  arePlacesKnown,
  type CommandsReport,
  commandsReport,
  createSystemMachine,
  type Environment,
  isBaseRunnerError,
  type NextRequestReport,
  nextRequestReport,
  observeDevice,
  parseConfig,
  readLastHang,
  readRecentLog,
  type NodeFacts,
  type Observation,
  type StatusReport,
  statusReport,
  supervisorMistake,
} from '@serve.zone/baseos-runner-core';
import { builtMs } from '../about/build-time.js';
import { version } from '../about/version.js';
import { type DoctorReport, doctorReport } from '../doctor/doctor-report.js';
import { gatherFacts, type GatherOptions } from '../facts/gather-facts.js';
import { reportSupervisor, type SupervisorReport } from '../supervisor/report-supervisor.js';
import { lookAtSupervisor } from '../supervisor/supervisor-look.js';
import { knownValuesOf } from './redact-configuration.js';
import type { KnownValue } from './redaction.js';

/** What is known about the device and its agent, unchanged: it still contains personal data. */
export interface Documents {
  doctor: DoctorReport;
  /** Absent where the configuration or the disk hides it; the doctor says why. */
  status?: StatusReport | undefined;
  nextRequest?: NextRequestReport | undefined;
  supervisor: SupervisorReport;
  commands?: CommandsReport | undefined;
  /** Of the agent that runs, or of one that was killed, line by line. */
  recentLog: readonly unknown[];
  /** Other personal data: the host name, the values of variables. */
  known: readonly KnownValue[];
}

/**
 * Looks once, and writes every document from what it found: they cannot contradict each other. It changes nothing, and works
 * with and without a running agent.
 */
export async function gatherDocuments(
  env: Environment,
  options: Pick<GatherOptions, 'fileSystem' | 'lookup' | 'fetch'> = {},
): Promise<Documents> {
  const parsed = parseConfig(env);
  const config = parsed.ok ? parsed.config : parsed.usable;
  const supervisor = lookAtSupervisor(config);
  try {
    const [facts, lastHang, recentLog] = await Promise.all([
      gatherFacts({ env, config, supervisor, ...options }),
      readLastHang(config),
      readRecentLog(config),
    ]);
    // With other paths than the agent's, this would not be about this node.
    const node = arePlacesKnown(config.mistakes ?? []) ? facts.disk?.node : undefined;
    const observation = await observeDevice(config, { version, supervisor: supervisor?.reads });
    return {
      doctor: doctorReport(facts),
      status: node && statusReport(node, { observation, lastHang, builtMs }),
      nextRequest: await nextRequestOf(node, observation),
      commands: node && commandsReport(node),
      supervisor: reportSupervisor(facts.supervisor, supervisorMistake(config)),
      recentLog: recentLog?.split('\n').flatMap(parseLine) ?? [],
      known: [...hostName(), ...knownValuesOf(env)],
    };
  } finally {
    supervisor?.close();
  }
}

async function nextRequestOf(
  node: NodeFacts | undefined,
  observation: Observation,
): Promise<NextRequestReport | undefined> {
  try {
    return node && (await nextRequestReport(node, async () => Promise.resolve(observation)));
  } catch (error) {
    if (isBaseRunnerError(error)) return undefined;
    throw error;
  }
}

function hostName(): KnownValue[] {
  const { hostname } = createSystemMachine({ statePath: '/' }).host();
  return hostname === undefined ? [] : [{ kind: 'host', value: hostname }];
}

function parseLine(line: string): unknown[] {
  try {
    return [JSON.parse(line)];
  } catch {
    return [];
  }
}
