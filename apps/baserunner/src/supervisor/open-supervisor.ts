import type { SupervisorClient } from '@serve.zone/balena-supervisor-client';
import { labelRemedy, type RunnerConfig, supervisorOf, type SupervisorProblem } from '@serve.zone/baseos-runner-core';
import { createTransport } from '../transport/create-transport.js';

/** The Supervisor of the configuration, as the agent reaches it; `undefined` where none is configured. */
export function openSupervisor(config: RunnerConfig): { client: SupervisorClient; close: () => void } | undefined {
  const { fetch, close } = createTransport();
  const client = supervisorOf(config, fetch);
  return client && { client, close };
}

export const supervisorNotConfigured: SupervisorProblem = {
  code: 'not-configured',
  message: 'BALENA_SUPERVISOR_ADDRESS is not set: this container has no access to a Supervisor.',
  remedy: labelRemedy,
};
