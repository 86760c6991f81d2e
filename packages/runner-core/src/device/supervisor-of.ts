import { SupervisorClient } from '@serve.zone/balena-supervisor-client';
import type { FetchLike } from '@serve.zone/baseos-cloudly-connector';
import type { RunnerConfig } from '../config/runner-config.js';

/** The Supervisor that the configuration names, if it names one. */
export function supervisorOf(
  { supervisorAddress, supervisorApiKey }: RunnerConfig,
  fetch: FetchLike | undefined,
): SupervisorClient | undefined {
  if (supervisorAddress === undefined) return undefined;
  const apiKey = supervisorApiKey && (() => supervisorApiKey.reveal());
  // The agent's own turns are its retries: a read that failed is told, and tried again at the next.
  return new SupervisorClient({ address: supervisorAddress, apiKey, fetch, retry: false });
}
