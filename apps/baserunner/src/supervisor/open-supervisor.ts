import { SupervisorClient } from '@serve.zone/balena-supervisor-client';
import type { RunnerConfig } from '@serve.zone/baseos-runner-core';
import { createTransport } from '../transport/create-transport.js';
import { type DescribedError, labelRemedy } from './describe-supervisor-error.js';

export type OpenedSupervisor =
  | { configured: true; client: SupervisorClient; close: () => void }
  | { configured: false; error: DescribedError };

/** The Supervisor of the configuration, as the agent would reach it. */
export function openSupervisor({ supervisorAddress, supervisorApiKey }: RunnerConfig): OpenedSupervisor {
  if (supervisorAddress === undefined) return { configured: false, error: notConfigured };
  const { fetch, close } = createTransport();
  const apiKey = supervisorApiKey && (() => supervisorApiKey.reveal());
  // A command tells what it finds, at once.
  const client = new SupervisorClient({ address: supervisorAddress, apiKey, fetch, retry: false });
  return { configured: true, client, close };
}

const notConfigured: DescribedError = {
  code: 'not-configured',
  message: 'BALENA_SUPERVISOR_ADDRESS is not set: this container has no access to a Supervisor.',
  remedy: labelRemedy,
};
