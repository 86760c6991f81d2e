import type { SupervisorClient } from '@serve.zone/balena-supervisor-client';
import type { RunnerConfig } from '@serve.zone/baseos-runner-core';
import { type DescribedError, describeSupervisorError } from './describe-supervisor-error.js';
import { openSupervisor } from './open-supervisor.js';

/** What the agent reads of the Supervisor, each by its own. */
const reads = {
  ping: (client: SupervisorClient) => client.ping(),
  version: (client: SupervisorClient) => client.version(),
  device: (client: SupervisorClient) => client.device(),
  stateStatus: (client: SupervisorClient) => client.stateStatus(),
} as const;

export type SupervisorCheck = { check: keyof typeof reads } & (
  | { ok: true; durationMs: number; result?: unknown }
  | { ok: false; durationMs: number; error: DescribedError }
  /** For the report's `problem`. */
  | { ok: false; notRun: true }
);

/** What the command prints. */
export interface SupervisorReport {
  ok: boolean;
  address?: string;
  /** Why reads could not be tried: there is no address or no key. */
  problem?: DescribedError;
  checks: SupervisorCheck[];
}

/** What a read of each kind gives now. */
export async function reportSupervisor(config: RunnerConfig): Promise<SupervisorReport> {
  const supervisor = openSupervisor(config);
  const names = Object.keys(reads) as (keyof typeof reads)[];
  if (!supervisor.configured) return { ok: false, problem: supervisor.error, checks: names.map(notRun) };
  const { client, close } = supervisor;
  try {
    const tried = await Promise.all(names.map((name) => tryRead(name, client)));
    const problem = tried.map((check) => ('error' in check ? check.error : undefined)).find(isMissingKey);
    return {
      ok: tried.every(({ ok }) => ok),
      address: client.address,
      ...(problem && { problem: { ...problem, message: noKey } }),
      checks: tried.map((check) => ('error' in check && isMissingKey(check.error) ? notRun(check.check) : check)),
    };
  } finally {
    close();
  }
}

const noKey = 'BALENA_SUPERVISOR_API_KEY is not set, and the Supervisor asks for its key.';

function isMissingKey(error: DescribedError | undefined): boolean {
  return error?.code === 'api-key-missing';
}

function notRun(check: keyof typeof reads): SupervisorCheck {
  return { check, ok: false, notRun: true };
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
