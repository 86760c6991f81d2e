import { isSupervisorError, type SupervisorError } from '@serve.zone/balena-supervisor-client';
import { limits, safeText } from '@serve.zone/baseos-contracts';
import type { Asked } from './command-action.js';
import { failed } from './ending.js';
import { lockHolderIn } from './lock-holder.js';

/** The Supervisor waits ten seconds for its own locks before it refuses. */
const busyRetryMs = 10_000;

/**
 * What a failed call means for its command: nothing has happened, it failed, or nobody knows. Pure.
 *
 * @throws what is no error of the Supervisor: a defect
 */
export function askedOfError(error: unknown): Asked {
  if (!isSupervisorError(error)) throw error;
  if (error.code === 'locked') return waitsForLock(error);
  if (error.code === 'unreachable' && error.retryable) {
    return { kind: 'definite-no', phase: 'postponed', reason: wordsOf(error), retryMs: 'lock-tries' };
  }
  if (isAnswerLost(error)) return { kind: 'unknown' };
  return { kind: 'ended', ending: failed(codeOf(error), wordsOf(error)) };
}

function waitsForLock(error: SupervisorError): Asked {
  const waits = { kind: 'definite-no', phase: 'waiting-for-lock' } as const;
  if (error.lock === 'supervisor-busy') return { ...waits, reason: busy, retryMs: busyRetryMs };
  if (error.lock === 'host-update') return { ...waits, reason: hostUpdate, retryMs: 'lock-tries' };
  const holder = lockHolderIn(error.what);
  const reason = holder === undefined ? wordsOf(error) : `The service ${holder} holds its update lock.`;
  return { ...waits, reason, retryMs: 'lock-tries' };
}

const busy = 'Another operation of the Supervisor holds the locks of the app.';
const hostUpdate = 'The host OS is being updated.';

/** A proxy in front of the Supervisor may have lost its answer, and an answer of something else says nothing. */
function isAnswerLost({ code, status }: SupervisorError): boolean {
  if (code === 'supervisor-error') return status === 502 || status === 504;
  return code === 'unreachable' || code === 'timeout' || code === 'unexpected-response';
}

/** The Supervisor says of a service that is not there only that something was not found. */
function codeOf({ code, endpoint }: SupervisorError): string {
  return code === 'not-found' && endpoint?.endsWith('-service') === true ? 'no-such-service' : code;
}

function wordsOf({ what }: SupervisorError): string {
  const sentence = what.charAt(0).toUpperCase() + what.slice(1);
  return safeText(sentence, limits.commandMessageMaxLength) ?? 'The Supervisor gave no reason.';
}
