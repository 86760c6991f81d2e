import { SupervisorClient } from '@serve.zone/balena-supervisor-client';
import type { FetchLike } from '@serve.zone/baseos-cloudly-connector';
import type { RunnerConfig } from '../config/runner-config.js';

/** The Supervisor that the configuration names, if it names one. */
export function supervisorOf(
  { supervisorAddress, supervisorApiKey, device }: RunnerConfig,
  fetch: FetchLike | undefined,
): SupervisorClient | undefined {
  if (supervisorAddress === undefined) return undefined;
  const apiKey = supervisorApiKey && (() => supervisorApiKey.reveal());
  // The agent's turns are its retries: a failed read is reported, and made again in the next turn.
  return new SupervisorClient({ address: supervisorAddress, apiKey, appId: device.appId, fetch, retry: false });
}
