/** A document as it was read; its revision is what a change of it starts from. */
export interface Read<Value> {
  value: Value;
  revision: string;
}

/**
 * What the store needs from a database: documents that are changed one at a time, by compare-and-set, and four queries
 * over all of them. Every later read and query sees an acknowledged change.
 */
export interface Documents {
  read<Value>(id: string): Promise<Read<Value> | undefined>;
  /** Resolves with `false`, and changes nothing, when there is a document with this ID. */
  insert(id: string, value: object): Promise<boolean>;
  /** Resolves with `false`, and changes nothing, when the document was changed or removed since. */
  replace(id: string, revision: string, value: object): Promise<boolean>;
  /** As `replace`. */
  remove(id: string, revision: string): Promise<boolean>;
  /** The documents whose IDs start with `prefix`, in the order of their bytes, those after `afterId`. */
  list<Value>(prefix: string, page?: { afterId?: string | undefined; limit?: number }): Promise<Value[]>;

  /** The nodes that have a command to end at `nowMs` or before (`nextEndAtMs`), at most `limit`, the longest due first. */
  nodeIdsToEnd(nowMs: number, limit: number): Promise<string[]>;
  nodeIdByTokenHash(tokenHash: string): Promise<string | undefined>;
  /** How many nodes that this join token let in wait for approval. */
  countWaiting(joinTokenId: string): Promise<number>;
  /** `online` are those active ones whose next heartbeat is expected after `nowMs`. */
  countNodes(nowMs: number): Promise<{ active: number; online: number; pending: number; revoked: number }>;
}
