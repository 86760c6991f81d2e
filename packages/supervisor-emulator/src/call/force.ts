import { isTruthy } from './check-value.js';
import type { ParsedBody } from './parse-body.js';
import type { Era } from '../eras/era.js';

/** Whether a body forces what it asks for, by the values that the Supervisor takes for yes. */
export function isForced({ force }: ParsedBody): boolean {
  return isTruthy(force);
}

/** The same where older Supervisors take the value as it is: in v2 and for an update. */
export function isForcedAsIs({ onlyTrueForces, anyValueForces }: Era, { force }: ParsedBody): boolean {
  if (onlyTrueForces) return force === true;
  return anyValueForces ? Boolean(force) : isTruthy(force);
}
