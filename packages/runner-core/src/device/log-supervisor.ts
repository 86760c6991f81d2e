import type { SupervisorStatus } from '@serve.zone/baseos-contracts';
import type { Logger } from '../ports/logger.js';

/** Logs the state of the Supervisor, once for each change. */
export function logSupervisor(before: SupervisorStatus | undefined, after: SupervisorStatus, logger: Logger): void {
  if (before?.state === after.state) return;
  if (after.state === 'available') {
    logger.info(`The Supervisor is available: version ${after.version}.`, { supervisor: after.state });
    return;
  }
  const { state, reason = 'The reason is not known.' } = after;
  const level = state === 'not-configured' ? 'info' : 'warn';
  logger[level](`${leads[state] ?? ''}${reason} Heartbeats continue without it.`, { supervisor: state });
}

/** For the states whose reasons do not name the state. */
const leads: Readonly<Record<string, string>> = {
  'not-configured': 'No Supervisor is configured. ',
  failing: 'The Supervisor answers with errors. ',
};
