import { isDeepStrictEqual } from 'node:util';
import type { Enrolment } from '../identity/identity.js';
import type { Secret } from '../values/secret.js';

/** Whether both are equal, so that nothing needs to be written. */
export function isSameEnrolment(one: Enrolment, other: Enrolment | undefined): boolean {
  return (
    other !== undefined &&
    isSameSecret(one.nodeToken, other.nodeToken) &&
    isSameSecret(one.previousNodeToken, other.previousNodeToken) &&
    isDeepStrictEqual(withoutSecrets(one), withoutSecrets(other))
  );
}

function isSameSecret(one: Secret | undefined, other: Secret | undefined): boolean {
  return one === undefined ? other === undefined : one.equals(other);
}

/** A member that is `undefined` counts as absent. */
function withoutSecrets({ nodeToken: _token, previousNodeToken: _previous, ...rest }: Enrolment): unknown {
  return JSON.parse(JSON.stringify(rest));
}
