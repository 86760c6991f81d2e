import { isDeepStrictEqual } from 'node:util';
import type { Enrolment } from '../identity/identity.js';
import type { Secret } from '../secret.js';

/** Whether both say the same, so that nothing has to be written. */
export const isSameEnrolment = (one: Enrolment, other: Enrolment | undefined): boolean =>
  other !== undefined &&
  isSameSecret(one.nodeToken, other.nodeToken) &&
  isSameSecret(one.previousNodeToken, other.previousNodeToken) &&
  isDeepStrictEqual(withoutSecrets(one), withoutSecrets(other));

const isSameSecret = (one: Secret | undefined, other: Secret | undefined): boolean =>
  one === undefined ? other === undefined : one.equals(other);

/** A member that is `undefined` is as good as absent. */
const withoutSecrets = ({ nodeToken: _token, previousNodeToken: _previous, ...rest }: Enrolment): unknown =>
  JSON.parse(JSON.stringify(rest));
