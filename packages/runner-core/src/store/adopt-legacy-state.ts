import type { Randomness } from '../ports/randomness.js';
import type { Secret } from '../values/secret.js';
import type { Identity } from '../identity/identity.js';
import { newEnrolment } from '../identity/new-enrolment.js';
import { newNodeSecret } from '../identity/new-node-secret.js';
import type { FoundState } from './state-directory.js';

/** The legacy node; with the secret and enrolment that the copy has of it where this agent was there before. */
export function adoptLegacyState(
  { nodeId, nodeToken }: { nodeId: string; nodeToken?: Secret | undefined },
  copy: FoundState,
  randomness: Randomness,
): Identity {
  const before =
    copy.kind === 'usable' && copy.document.identity.nodeId === nodeId ? copy.document.identity : undefined;
  const identity = before ?? { nodeId, nodeSecret: newNodeSecret(randomness) };
  if (!nodeToken || nodeToken.equals(identity.enrolment?.nodeToken)) return identity;
  const enrolment = identity.enrolment ?? newEnrolment('');
  return { ...identity, enrolment: { ...enrolment, nodeToken, previousNodeToken: enrolment.nodeToken } };
}
