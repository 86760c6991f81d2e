import { sendFailure, sendText } from './answer.js';
import type { Answer } from './answer.js';
import type { Era } from '../eras/era.js';

/** The answer to an internal failure of the Supervisor. */
export function fail({ failureIsText }: Era, message: string): Answer {
  return failureIsText ? sendText(503, message) : sendFailure(503, message);
}

/** The answer when locks are not available, with the reason. */
export function refuseLocked(era: Era, reason: string): Answer {
  return era.userLockIsFailure ? fail(era, reason) : sendFailure(423, reason);
}

/** The Supervisor's words for reading a property of undefined. */
export function typeErrorWords({ oldTypeErrorWords }: Era, property: string): string {
  return oldTypeErrorWords
    ? `Cannot read property '${property}' of undefined`
    : `Cannot read properties of undefined (reading '${property}')`;
}

/** The words for an app or key that is out of scope. */
export function outOfScopeWords({ outOfScopeIsUnavailable }: Era): string {
  return outOfScopeIsUnavailable ? 'Application is not available' : 'Unauthorized';
}
