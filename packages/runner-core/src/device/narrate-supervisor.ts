import type { SupervisorStatus } from '@serve.zone/baseos-contracts';
import type { Logger } from '../ports/logger.js';

/** Tells an operator how the Supervisor stands, once per change of its state. */
export function narrateSupervisor(before: SupervisorStatus | undefined, after: SupervisorStatus, logger: Logger): void {
  if (before?.state === after.state) return;
  if (after.state === 'available') {
    logger.info(`The Supervisor answers: version ${after.version}.`, { supervisor: after.state });
    return;
  }
  const { state, reason = 'No reason is known.' } = after;
  const level = state === 'not-configured' ? 'info' : 'warn';
  logger[level](`${leads[state] ?? ''}${reason} Heartbeats go on without it.`, { supervisor: state });
}

/** For the states whose reasons do not say what is wrong as a whole. */
const leads: Readonly<Record<string, string>> = {
  'not-configured': 'No Supervisor is configured. ',
  failing: 'The Supervisor answers, but not well. ',
};
