/** A join token admits new nodes: `maxUses` of them, until it expires or is revoked. */
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
  /** What it is for, for operators. */
  description?: string;
  /** The first labels of the nodes that it admits. */
  labels?: Readonly<Record<string, string>>;
  /** Who created it; absent if nobody said. */
  createdBy?: string;
  revokedAtMs?: number;
  /** The reason, for operators; absent if none was given. */
  revokedReason?: string;
}
