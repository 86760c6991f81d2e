import type { Settings } from '@serve.zone/baseos-contracts';

/** How a node is to take new releases; `own`: as its own configuration says. */
export type UpdatesMode = NonNullable<Settings['updates']>;

/** What Cloudly has decided about a node. Changes seldom, and only by compare-and-set. */
export interface NodeRecord {
  nodeId: string;
  /**
   * Counts the changes of this record, from a random number: a node that registers again after it was forgotten
   * never has a revision that the one before it had, so no judgement of that one is written to it.
   */
  revision: number;
  /** SHA-256 of the registration key, in hexadecimal; absent for a legacy node, which has none. */
  registrationKeyHash?: string;
  /** The device logs it, too, so that an operator approves the right one. */
  approvalCode: string;
  /** The join token that admitted it. */
  joinTokenId: string;
  registeredAtMs: number;
  /** Absent while the node waits for an operator. */
  approvedAtMs?: number;
  /** Revoked nodes keep their token hashes: only a holder of a token of the node learns of the revocation. */
  revokedAtMs?: number;
  /**
   * The device that may take over the node until then, once and with a valid join token: the one whose key has this
   * code.
   */
  rebind?: { approvalCode: string; untilMs: number };
  /** The token that the node used last. */
  currentToken?: IssuedNodeToken;
  /** The newest token issued; it becomes `currentToken` when the node first uses it. */
  nextToken?: IssuedNodeToken;
  /**
   * Since then the node must get a new token, regardless of the age of its current one; removed when it uses the new
   * one.
   */
  rotationDemandedAtMs?: number;
  /** The setting `updates` that every answer to the node carries; absent if none was ever given. */
  updatesMode?: UpdatesMode;
  /** When it was last given; absent if that was before nodes were woken. */
  updatesModeSetAtMs?: number;
  /** The node's running process. */
  bootId: string;
  /** The processes before it, newest first: their requests are late ones, unless the node's disk was copied. */
  supersededBoots: SupersededBoot[];
  /** Set while two devices are suspected to use the identity of this node. */
  cloneSuspectedAtMs?: number;
  /** An operator has chosen which of two devices keeps this identity. */
  cloneResolution?: CloneResolution;
}

/**
 * The other device also has the registration key, and always will. So from then on the key proves nothing: it admits
 * only the running process. Only the kept device has the token that was issued after the decision.
 */
export interface CloneResolution {
  atMs: number;
  /**
   * Present until the kept device has used that token: until then, the credentials that both devices have admit only
   * the running process. These other processes were rejected in the meantime, newest first; the kept device may be
   * among them after a restart.
   */
  claimantBootIds?: string[];
}

/** A process of a node, as it was known when the next one took over. */
export interface SupersededBoot {
  bootId: string;
  /** The highest sequence that it sent; 0 if none of its heartbeats was kept. */
  lastSequence: number;
  /** When it arrived. */
  lastSeenAtMs: number;
  /** When the next process took over; absent if that was before it was noted. */
  supersededAtMs?: number;
  /** The first heartbeat with a higher sequence that arrived after the next process had taken over. */
  returned?: { sequence: number; atMs: number };
}

export interface IssuedNodeToken {
  /** The readable part of the token. */
  id: string;
  /** SHA-256 of the whole token, in hexadecimal. */
  hash: string;
  issuedAtMs: number;
}
