import { createHash } from 'node:crypto';
import type { RunnerConfig } from '../config/runner-config.js';
import type { Secret } from '../values/secret.js';
import { newEnrolment, type Identity } from './identity.js';

/**
 * The identity with `BASEOS_NODE_TOKEN` as its token for the configured Cloudly; the same identity where the variable is
 * unset or its token is in use.
 */
export function withEnvironmentToken(
  identity: Identity,
  config: Pick<RunnerConfig, 'cloudlyUrl' | 'nodeToken'>,
): Identity {
  const { cloudlyUrl, nodeToken } = config;
  if (!cloudlyUrl || !nodeToken) return identity;
  // A token that another Cloudly issued is left unchanged.
  const enrolment = identity.enrolment?.origin === cloudlyUrl.origin ? identity.enrolment : undefined;
  const digest = digestOf(nodeToken);
  if (nodeToken.equals(enrolment?.nodeToken) && enrolment?.environmentTokenDigest === digest) return identity;
  const replaced = nodeToken.equals(enrolment?.nodeToken) ? enrolment?.previousNodeToken : enrolment?.nodeToken;
  return {
    ...identity,
    enrolment: {
      ...(enrolment ?? newEnrolment(cloudlyUrl.origin)),
      nodeToken,
      previousNodeToken: replaced,
      environmentTokenDigest: digest,
      environmentTokenIsForeign: undefined,
    },
  };
}

/** `BASEOS_NODE_TOKEN`, unless it is known to belong to another node, in whose name the call would be made. */
export function ownEnvironmentToken(
  { enrolment }: Identity,
  { nodeToken }: Pick<RunnerConfig, 'nodeToken'>,
): Secret | undefined {
  const isForeign = enrolment?.environmentTokenIsForeign === true;
  return isForeign && nodeToken && enrolment.environmentTokenDigest === digestOf(nodeToken) ? undefined : nodeToken;
}

/** Shows whether a secret in the environment has changed, without storing the secret. */
export function digestOf(secret: Secret): string {
  return createHash('sha256').update(secret.reveal()).digest('base64url');
}
