import type { ExitCode } from '@serve.zone/baseos-command-line';
import type { SupervisorClient } from '@serve.zone/balena-supervisor-client';
import type { CommandContext } from '../command-context.js';
import { type DescribedError, describeSupervisorError } from '../describe-supervisor-error.js';
import { openSupervisor } from '../open-supervisor.js';
import { writeResult } from '../write-result.js';

/** What the agent reads of the Supervisor, each by its own. */
const reads = {
  ping: (client: SupervisorClient) => client.ping(),
  version: (client: SupervisorClient) => client.version(),
  device: (client: SupervisorClient) => client.device(),
  stateStatus: (client: SupervisorClient) => client.stateStatus(),
} as const;

export type SupervisorCheck = { check: keyof typeof reads; durationMs: number } & (
  | { ok: true; result?: unknown }
  | { ok: false; error: DescribedError }
);

/** What the command prints. */
export interface SupervisorReport {
  ok: boolean;
  address?: string;
  /** Why nothing could be tried. */
  error?: DescribedError;
  checks: SupervisorCheck[];
}

/** Tries each read once, side by side. Exit code 1 if any fails. */
export async function checkSupervisor({ env, stdout }: CommandContext): Promise<ExitCode> {
  const report = await makeReport(env);
  writeResult(stdout, report);
  return report.ok ? 0 : 1;
}

async function makeReport(env: CommandContext['env']): Promise<SupervisorReport> {
  const supervisor = openSupervisor(env);
  if (!supervisor.configured) return { ok: false, error: supervisor.error, checks: [] };
  const { client, close } = supervisor;
  try {
    const names = Object.keys(reads) as (keyof typeof reads)[];
    const checks = await Promise.all(names.map((name) => tryRead(name, client)));
    return { ok: checks.every(({ ok }) => ok), address: client.address, checks };
  } finally {
    close();
  }
}

async function tryRead(check: keyof typeof reads, client: SupervisorClient): Promise<SupervisorCheck> {
  const startedMs = performance.now();
  const durationMs = (): number => Math.round(performance.now() - startedMs);
  try {
    const result = await reads[check](client);
    return { check, ok: true, durationMs: durationMs(), ...(result === undefined ? {} : { result }) };
  } catch (error) {
    return { check, ok: false, durationMs: durationMs(), error: describeSupervisorError(error) };
  }
}
