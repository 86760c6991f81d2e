import type { Randomness } from '../ports/randomness.js';
import { type Identity, newEnrolment } from '../identity/identity.js';
import { newNodeSecret } from '../identity/new-node-secret.js';
import type { LegacyState } from './parse-legacy-state.js';

/**
 * The identity of a legacy node.
 *
 * @param known what else is known about that node: its secret and enrolment, if this agent ran on the device before
 */
export function adoptLegacyState(
  { nodeId, nodeToken }: LegacyState,
  known: Identity | undefined,
  randomness: Randomness,
): Identity {
  const identity = known ?? { nodeId, nodeSecret: newNodeSecret(randomness) };
  if (!nodeToken || nodeToken.equals(identity.enrolment?.nodeToken)) return identity;
  const enrolment = identity.enrolment ?? newEnrolment('');
  return { ...identity, enrolment: { ...enrolment, nodeToken, previousNodeToken: enrolment.nodeToken } };
}
