/** What allows new nodes to register: `maxUses` of them, until it expires or is revoked. */
export interface JoinTokenRecord {
  /** The readable part of the token, by which operators name it. */
  id: string;
  /** SHA-256 of the whole token, in hexadecimal. */
  hash: string;
  createdAtMs: number;
  expiresAtMs: number;
  maxUses: number;
  usedCount: number;
  /** Nodes that it admits wait until an operator approves them. */
  requiresApproval: boolean;
  /** How many of the nodes that it admitted may wait for approval at a time; absent: as many as it has uses. */
  maxPending?: number;
  revokedAtMs?: number;
  /** Why, in words for operators; absent where nobody has said. */
  revokedReason?: string;
}
