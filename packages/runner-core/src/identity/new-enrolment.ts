import type { Enrolment } from './identity.js';

/** The beginning of an enrolment: nobody knows yet which protocol its Cloudly speaks; the first answer with `protocol` tells. */
export function newEnrolment(origin: string): Enrolment {
  return { origin, legacy: true };
}
