import type { ConfigMistake } from './config-mistake.js';
import type { ConfigWarning } from './config-warning.js';

/** What the stored identity says about the node. */
export interface NodeStanding {
  /** The node is the one that is stored, not one that was made just now. */
  isStored: boolean;
  /** Its Cloudly knows it: it has a node token, or waits for an approval. */
  isEnrolled: boolean;
  /** It was revoked, and registers again only with another join token. @default false */
  isRevoked?: boolean | undefined;
}

export interface JudgedMistakes {
  /** The agent cannot run as the operator wants it before these are corrected. */
  needed: readonly ConfigMistake[];
  /** About the others. */
  warnings: readonly ConfigWarning[];
}

/**
 * Separates the mistakes that keep an agent from running from those in settings that this node does not need. While the
 * identity cannot be read (`unknown`), no mistake that depends on it prevents the agent from waiting. Pure.
 */
export function judgeMistakes(
  mistakes: readonly ConfigMistake[] | undefined,
  standing: NodeStanding | 'unknown',
): JudgedMistakes {
  const needless = mistakes?.filter((mistake) => !isNeeded(mistake, standing)) ?? [];
  return {
    needed: mistakes?.filter((mistake) => isNeeded(mistake, standing)) ?? [],
    warnings: needless
      .filter((mistake) => !(mistake.isTakenAway && standing !== 'unknown' && standing.isEnrolled))
      .map((mistake) => notNeeded(mistake, standing)),
  };
}

function notNeeded(mistake: ConfigMistake, standing: NodeStanding | 'unknown'): ConfigWarning {
  const { variable, message, remedy } = mistake;
  return {
    code: 'setting-not-needed',
    message: `${message} ${consequence(mistake, standing)}`,
    remedy: `${remedy} If it is not needed, remove ${variable}.`,
  };
}

function isNeeded({ neededBy, isTakenAway }: ConfigMistake, standing: NodeStanding | 'unknown'): boolean {
  if (neededBy === undefined) return true;
  if (standing === 'unknown') return false;
  if (neededBy === 'new-node') return !standing.isStored;
  // The answer to a registration may have been lost. The token may have been removed because Cloudly already knows the
  // node.
  return !standing.isEnrolled && !(isTakenAway && standing.isStored);
}

function consequence({ neededBy }: ConfigMistake, standing: NodeStanding | 'unknown'): string {
  if (standing === 'unknown') return 'It is not known whether the node needs it: the stored identity cannot be read.';
  if (neededBy === 'new-node') return 'The agent runs with the stored identity.';
  if (standing.isRevoked) return 'This node was revoked and needs it only to register again.';
  return standing.isEnrolled
    ? 'Cloudly knows this node already, so it is not needed.'
    : 'The node tries to register without it, in case Cloudly knows it already.';
}
