/** What Cloudly has decided about a node. Changes seldom, and only by compare-and-set. */
export interface NodeRecord {
  nodeId: string;
  /**
   * Counts the changes of this record, from a number drawn by lot: a node that registers again after it was forgotten
   * never has a revision that the one before it had, so no judgement of that one is written to it.
   */
  revision: number;
  /** SHA-256 of the registration key, in hexadecimal; absent for a legacy node, which has none. */
  registrationKeyHash?: string;
  /** What the device logs too, so that an operator approves the right one. */
  approvalCode: string;
  /** The join token that let it in. */
  joinTokenId: string;
  registeredAtMs: number;
  /** Absent while the node waits for an operator. */
  approvedAtMs?: number;
  /** Revoked nodes keep their token hashes: only who holds a token of the node learns of the revocation. */
  revokedAtMs?: number;
  /** The device that may take the node over until then, once and with a good join token: the one whose key has this code. */
  rebind?: { approvalCode: string; untilMs: number };
  /** The token that the node used last. */
  currentToken?: IssuedNodeToken;
  /** The newest token issued; it becomes `currentToken` when the node first uses it. */
  nextToken?: IssuedNodeToken;
  /** Since then the node is to get a new token, whatever the age of the one it has; gone when it uses that. */
  rotationDemandedAtMs?: number;
  /** The node's running process. */
  bootId: string;
  /** The processes before it, newest first: what still comes from them is late, unless the node's disk was copied. */
  supersededBoots: SupersededBoot[];
  /** Set while two devices are believed to speak as this node. */
  cloneSuspectedAtMs?: number;
  /** An operator has said which of two devices keeps this identity. */
  cloneResolution?: CloneResolution;
}

/**
 * The other device has the registration key as well, and always will. So from then on the key proves nothing: it lets nobody
 * in but the running process. What the kept device has alone is the token that it got after the decision.
 */
export interface CloneResolution {
  atMs: number;
  /**
   * Present until the kept device has used that token: as long, the running process alone is heard by what both have. These
   * others came meanwhile, newest first; the kept device, restarted, may be among them.
   */
  claimantBootIds?: string[];
}

/** A process of a node, as it was known when the next one took over. */
export interface SupersededBoot {
  bootId: string;
  /** The highest sequence that came from it; 0 where none of its heartbeats was kept. */
  lastSequence: number;
  /** When that came. */
  lastSeenAtMs: number;
  /** The first heartbeat with a higher sequence that came after the next process had taken over. */
  returned?: { sequence: number; atMs: number };
}

export interface IssuedNodeToken {
  /** The readable part of the token. */
  id: string;
  /** SHA-256 of the whole token, in hexadecimal. */
  hash: string;
  issuedAtMs: number;
}
