import { isSupervisorError } from '@serve.zone/balena-supervisor-client';
import { safeText } from '@serve.zone/baseos-contracts';
import { inSentences } from '../values/problem.js';
import { describeSupervisorError } from './describe-supervisor-error.js';
import { ReadTimeout } from './read-timeout.js';

/** Why the Supervisor could not be read, and what to do, in words for the operator of the device. */
export function supervisorReason(error: unknown, address: string | undefined): string {
  return safeText(reasonOf(error, address), 500) ?? 'The Supervisor gave no reason.';
}

function reasonOf(error: unknown, address: string | undefined): string {
  if (isSupervisorError(error) || error instanceof ReadTimeout) {
    return inSentences(describeSupervisorError(error, address));
  }
  return error instanceof Error ? error.message : '';
}
