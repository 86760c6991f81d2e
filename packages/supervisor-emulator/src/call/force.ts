import { isTruthy } from './check-value.js';
import type { ParsedBody } from './parse-body.js';
import type { Era } from '../eras/era.js';

/** Whether a body has `force`, by the values that the Supervisor accepts as true. */
export function isForced({ force }: ParsedBody): boolean {
  return isTruthy(force);
}

/** The same for v2 and updates, where older Supervisors use the value as it is. */
export function isForcedAsIs({ onlyTrueForces, anyValueForces }: Era, { force }: ParsedBody): boolean {
  if (onlyTrueForces) return force === true;
  return anyValueForces ? Boolean(force) : isTruthy(force);
}
