/** What Cloudly has decided about a node. Changes seldom, and only by compare-and-set. */
export interface NodeRecord {
  nodeId: string;
  /** Counts the changes of this record, from 1. */
  revision: number;
  /** SHA-256 of the registration key, in hexadecimal; absent for a node of the predecessor, which has none. */
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
  /** Until then the node takes one other registration key, of a device that brings a good join token. */
  rebindUntilMs?: number;
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
  /** The processes that an operator has shut out in favour of another device with the same identity, newest first. */
  excludedBootIds: string[];
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
