import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  createSystemMachine,
  defaultRunPaths,
  parseConfig,
  RECENT_LOG_FILE_NAME,
  reportNextRequest,
  reportStatus,
} from '@serve.zone/baseos-runner-core';
import { builtMs } from '../build-time.js';
import type { CommandContext } from '../command-context.js';
import { reportSupervisor } from '../commands/check-supervisor.js';
import { createTransport } from '../create-transport.js';
import { type DoctorReport, examine } from '../doctor/examine.js';
import { version } from '../version.js';

/** What is known of the device and its agent, as it is: personal data is still in it. */
export interface Documents {
  doctor: DoctorReport;
  /** Absent where the configuration cannot be used; the doctor says why. */
  status?: Awaited<ReturnType<typeof reportStatus>> | undefined;
  nextRequest?: Awaited<ReturnType<typeof reportNextRequest>> | undefined;
  supervisor?: Awaited<ReturnType<typeof reportSupervisor>> | undefined;
  /** Of the agent that runs, or of one that was killed; a line each. */
  recentLog: readonly unknown[];
  hostname: string | undefined;
  deviceUuids: readonly string[];
}

/** Asks all that can tell something. It changes nothing, and works with and without a running agent. */
export async function gatherDocuments(env: CommandContext['env']): Promise<Documents> {
  const parsed = parseConfig(env);
  const { hostname } = createSystemMachine({ statePath: '/' }).host();
  if (!parsed.ok) return { doctor: await examine(env), recentLog: [], hostname, deviceUuids: [] };
  const transport = createTransport();
  const options = { version, supervisorFetch: transport.fetch, builtMs };
  try {
    const [doctor, status, nextRequest, supervisor, recentLog] = await Promise.all([
      examine(env),
      reportStatus(env, options),
      reportNextRequest(env, options),
      reportSupervisor(env),
      readRecentLog(parsed.config.runPath),
    ]);
    const { uuid } = parsed.config.device;
    return {
      doctor,
      status,
      nextRequest,
      supervisor,
      recentLog,
      hostname,
      deviceUuids: uuid === undefined ? [] : [uuid],
    };
  } finally {
    transport.close();
  }
}

async function readRecentLog(runPath: string | undefined): Promise<unknown[]> {
  for (const directory of runPath === undefined ? defaultRunPaths : [runPath]) {
    const text = await readFile(join(directory, RECENT_LOG_FILE_NAME), 'utf8').catch(() => undefined);
    if (text !== undefined) return text.split('\n').flatMap(parseLine);
  }
  return [];
}

function parseLine(line: string): unknown[] {
  try {
    return [JSON.parse(line)];
  } catch {
    return [];
  }
}
