import type { ConfigMistake, SupervisorProblem } from '@serve.zone/baseos-runner-core';
import { supervisorNotConfigured } from './open-supervisor.js';
import { agentEndpoints, type SupervisorFacts } from './supervisor-facts.js';
import type { Read } from './supervisor-look.js';

type Name = (typeof agentEndpoints)[number];

export type SupervisorCheck = { check: Name } & (
  | { ok: true; durationMs: number; result?: unknown }
  | { ok: false; durationMs: number; error: SupervisorProblem }
  /** For the reason in the report's `problem`. */
  | { ok: false; notRun: true }
);

/** What `baserunner check-supervisor` prints. */
export interface SupervisorReport {
  ok: boolean;
  address?: string;
  /** Why the reads could not be tried: there is no address or no key. */
  problem?: SupervisorProblem;
  checks: SupervisorCheck[];
}

/**
 * The result of each read that the agent makes.
 *
 * @param mistake in the setting without which they could not be tried
 */
export function reportSupervisor(
  facts: SupervisorFacts<Name> | undefined,
  mistake?: Pick<ConfigMistake, 'message' | 'remedy'>,
): SupervisorReport {
  const correct = mistake && { message: mistake.message, remedy: mistake.remedy };
  if (!facts)
    return { ok: false, problem: { ...supervisorNotConfigured, ...correct }, checks: agentEndpoints.map(notRun) };
  const reads: (readonly [Name, Read<unknown>])[] = agentEndpoints.map((name) => [name, facts[name]]);
  const problem = reads.map(([, read]) => (read.ok ? undefined : read.error)).find(isMissingKey);
  return {
    ok: reads.every(([, { ok }]) => ok),
    address: facts.address,
    ...(problem && { problem: { ...problem, message: noKey, ...correct } }),
    checks: reads.map(([name, read]) => checkOf(name, read)),
  };
}

const noKey = 'BALENA_SUPERVISOR_API_KEY is not set, and the Supervisor requires its key.';

function checkOf(check: Name, read: Read<unknown>): SupervisorCheck {
  const { durationMs } = read;
  if (!read.ok) return isMissingKey(read.error) ? notRun(check) : { check, ok: false, durationMs, error: read.error };
  return { check, ok: true, durationMs, ...(read.value === undefined ? {} : { result: read.value }) };
}

function isMissingKey(error: SupervisorProblem | undefined): boolean {
  return error?.code === 'api-key-missing';
}

function notRun(check: Name): SupervisorCheck {
  return { check, ok: false, notRun: true };
}
