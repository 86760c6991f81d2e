import type { RunnerConfig } from '../config/runner-config.js';
import { newEnrolment, type Enrolment, type Identity } from './identity.js';
import type { IdentityNotice } from './identity-store.js';

/** Enrolments with earlier Cloudlys that are kept, the newest first. */
const OTHER_ENROLMENTS_MAX = 4;

/**
 * Puts the enrolment with the configured Cloudly in force and the others aside, so that no token goes to an origin it was
 * not issued by. Returns the same identity if nothing changes. Pure.
 */
export function bindEnrolment(
  identity: Identity,
  { cloudlyUrl, cloudlyMovedFrom }: Pick<RunnerConfig, 'cloudlyUrl' | 'cloudlyMovedFrom'>,
): { identity: Identity; notices: readonly IdentityNotice[] } {
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
    notices: [{ level: 'info', code: 'enrolment-changed', ...wordsOf(cloudlyUrl.origin, found, enrolment) }],
  };
}

interface FoundEnrolment {
  /** As it was stored; absent if it is new. */
  from?: Enrolment | undefined;
  /** As it is with the configured Cloudly. */
  bound: Enrolment;
}

function enrolmentFor(
  origin: string,
  movedFrom: string | undefined,
  known: readonly Enrolment[],
): FoundEnrolment | undefined {
  const own = known.find((enrolment) => enrolment.origin === origin);
  if (own?.nodeToken) return { from: own, bound: own };
  const former = movedFrom === undefined ? undefined : known.find((enrolment) => enrolment.origin === movedFrom);
  // Cloudly knows the node by the key that was made for its former address.
  if (former && former !== own && (knowsNode(former) || !knowsNode(own))) {
    return {
      from: former,
      bound: { ...former, origin, registrationOrigin: former.registrationOrigin ?? former.origin },
    };
  }
  const unbound = own ?? known.find((enrolment) => enrolment.origin === '');
  if (movedFrom === undefined || isKnownByOwnKey(unbound, origin, movedFrom)) {
    return unbound && { from: unbound, bound: unbound === own ? own : { ...unbound, origin } };
  }
  // The answer to a registration at the former address may have been lost: Cloudly would know that key.
  return { from: unbound, bound: { ...(unbound ?? newEnrolment(origin)), origin, registrationOrigin: movedFrom } };
}

/** An enrolment that began with a refused registration says only which protocol that Cloudly speaks. */
function knowsNode(enrolment: Enrolment | undefined): boolean {
  return enrolment?.nodeToken !== undefined || enrolment?.cloudlyId !== undefined;
}

/** Whether the key for `movedFrom` is of no use to this enrolment. */
function isKnownByOwnKey(enrolment: Enrolment | undefined, origin: string, movedFrom: string): boolean {
  return movedFrom === origin || enrolment?.cloudlyId !== undefined || enrolment?.registrationOrigin !== undefined;
}

function wordsOf(
  origin: string,
  found: FoundEnrolment | undefined,
  before: Enrolment | undefined,
): Pick<IdentityNotice, 'message' | 'remedy'> {
  if (found) return { message: describeUse(origin, found) };
  const former = before?.origin;
  return {
    message: `The enrolment with ${former || 'another Cloudly'} is not used with ${origin}. It is kept for later.`,
    remedy: former
      ? `If it is the same Cloudly at a new address, set BASEOS_CLOUDLY_MOVED_FROM to ${former}.`
      : undefined,
  };
}

function describeUse(origin: string, found: FoundEnrolment): string {
  if (found.from === found.bound) return `This node was enrolled with ${origin} before. That enrolment is used again.`;
  if (!found.from || found.from.origin === origin) {
    return `The node registers at ${origin} as the one that Cloudly may know from ${found.bound.registrationOrigin} (BASEOS_CLOUDLY_MOVED_FROM).`;
  }
  return found.from.origin === ''
    ? `The legacy node token is used with ${origin}.`
    : `The enrolment with ${found.from.origin} is used with ${origin} (BASEOS_CLOUDLY_MOVED_FROM).`;
}
