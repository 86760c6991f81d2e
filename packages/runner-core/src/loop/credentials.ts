import type { Enrolment } from '../identity/identity.js';
import type { Secret } from '../values/secret.js';

/**
 * The credentials of a node, in the order in which it tries them: the token stored last, the one before it, the one
 * in `BASEOS_NODE_TOKEN`, and last a new registration by its key. One per turn.
 */
const order = ['current', 'previous', 'environment', 'registration-key'] as const;

export type Credential = (typeof order)[number];

/** The token that goes with a credential; none with the registration key, or where there is no such token. */
export function tokenOf(
  credential: Credential,
  enrolment: Enrolment | undefined,
  environmentToken: Secret | undefined,
): Secret | undefined {
  return {
    current: enrolment?.nodeToken,
    previous: enrolment?.previousNodeToken,
    environment: environmentToken,
    'registration-key': undefined,
  }[credential];
}

/**
 * The first credential of a node: the stored token. If `BASEOS_NODE_TOKEN` counts, it was adopted when the identity was
 * opened.
 */
export function firstCredential(enrolment: Enrolment | undefined): Credential {
  return enrolment?.nodeToken ? 'current' : 'registration-key';
}

/** The one to try after `rejected`. A token that was already tried is left out. */
export function nextCredential(
  rejected: Credential,
  enrolment: Enrolment | undefined,
  environmentToken: Secret | undefined,
): Credential {
  const place = order.indexOf(rejected);
  const tried = order.slice(0, place + 1).map((credential) => tokenOf(credential, enrolment, environmentToken));
  const isUntried = (credential: Credential) => {
    const token = tokenOf(credential, enrolment, environmentToken);
    return token !== undefined && !tried.some((triedToken) => token.equals(triedToken));
  };
  return order.slice(place + 1).find(isUntried) ?? 'registration-key';
}
