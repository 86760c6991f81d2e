import type { SupervisorStatus } from '@serve.zone/baseos-contracts';
import type { Logger } from '../logger.js';

/** Tells an operator how the Supervisor stands, once per change of its state. */
export const narrateSupervisor = (
  before: SupervisorStatus | undefined,
  after: SupervisorStatus,
  logger: Logger,
): void => {
  if (before?.state === after.state) return;
  if (after.state === 'available') {
    logger.info(`The Supervisor answers: version ${after.version}.`, { supervisor: after.state });
    return;
  }
  const { state, reason = 'No reason is known.' } = after;
  const words = sentences[state] ?? 'The state of the Supervisor is not known.';
  const level = state === 'not-configured' ? 'info' : 'warn';
  logger[level](`${words} ${reason} Heartbeats go on without it.`, { supervisor: state });
};

const sentences: Readonly<Record<string, string>> = {
  'not-configured': 'No Supervisor is configured.',
  unreachable: 'The Supervisor does not answer.',
  unauthorized: 'The Supervisor does not let this agent in.',
  failing: 'The Supervisor answers, but not well.',
};
