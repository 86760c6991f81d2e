import type { Enrolment } from '../identity/identity.js';

/** Whether the node speaks the legacy protocol with its Cloudly: until the first answer with `protocol: 1`. */
export function speaksLegacy(enrolment: Enrolment | undefined): boolean {
  return enrolment?.legacy ?? true;
}

/**
 * The enrolment once its Cloudly has answered with `protocol: 1`. That is permanent, so that the node cannot be
 * downgraded to the weaker protocol later.
 */
export function withoutLegacy(enrolment: Enrolment): Enrolment {
  return { ...enrolment, legacy: false };
}
