import type { RunnerConfig } from '../config/runner-config.js';
import type { Enrolment, Identity } from './identity.js';
import type { IdentityNotice } from './identity-store.js';

/** Enrolments with earlier Cloudlys that are kept, the newest first. */
const OTHER_ENROLMENTS_MAX = 4;

/**
 * Puts the enrolment with the configured Cloudly in force and the others aside, so that no token goes to an origin it was
 * not issued by. The same identity comes back where that is so already. Pure.
 */
export const bindEnrolment = (
  identity: Identity,
  { cloudlyUrl, cloudlyMovedFrom }: Pick<RunnerConfig, 'cloudlyUrl' | 'cloudlyMovedFrom'>,
): { identity: Identity; notices: readonly IdentityNotice[] } => {
  const { enrolment, otherEnrolments = [] } = identity;
  if (!cloudlyUrl) return { identity, notices: [] };
  const known = enrolment ? [enrolment, ...otherEnrolments] : otherEnrolments;
  const found = enrolmentFor(cloudlyUrl.origin, cloudlyMovedFrom, known);
  if (found?.bound === enrolment) return { identity, notices: [] };
  const others = known.filter((other) => other !== found?.from && other.origin !== cloudlyUrl.origin);
  return {
    identity: {
      ...identity,
      enrolment: found?.bound,
      otherEnrolments: others.length > 0 ? others.slice(0, OTHER_ENROLMENTS_MAX) : undefined,
    },
    notices: [{ level: 'info', message: noticeOf(cloudlyUrl.origin, found, enrolment) }],
  };
};

interface FoundEnrolment {
  /** As it was stored. */
  from: Enrolment;
  /** As it is with the configured Cloudly. */
  bound: Enrolment;
}

const enrolmentFor = (
  origin: string,
  movedFrom: string | undefined,
  known: readonly Enrolment[],
): FoundEnrolment | undefined => {
  const own = known.find((enrolment) => enrolment.origin === origin);
  if (own?.nodeToken) return { from: own, bound: own };
  const former = movedFrom === undefined ? undefined : known.find((enrolment) => enrolment.origin === movedFrom);
  // Cloudly knows the node by the key that was made for its former address.
  if (former && former !== own) {
    return {
      from: former,
      bound: { ...former, origin, registrationOrigin: former.registrationOrigin ?? former.origin },
    };
  }
  if (own) return { from: own, bound: own };
  const unbound = known.find((enrolment) => enrolment.origin === '');
  return unbound && { from: unbound, bound: { ...unbound, origin } };
};

const noticeOf = (origin: string, found: FoundEnrolment | undefined, before: Enrolment | undefined): string => {
  if (!found)
    return `The enrolment with ${before?.origin || 'another Cloudly'} is not used with ${origin}; it is kept.`;
  if (found.from === found.bound) return `This node was enrolled with ${origin} before; that enrolment is used again.`;
  return found.from.origin === ''
    ? `The predecessor's node token is used with ${origin}.`
    : `The enrolment with ${found.from.origin} is carried over to ${origin} (BASEOS_CLOUDLY_MOVED_FROM).`;
};
