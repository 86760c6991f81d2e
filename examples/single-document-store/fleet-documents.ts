import type {
  CommandRecord,
  CreateNodeOutcome,
  HistoryResolution,
  HistorySlot,
  JoinTokenRecord,
  NodeRecord,
  SlotCounts,
  StoredHeartbeat,
  StoredStatus,
} from '@serve.zone/baseos-cloudly-handlers';

/** A node with all that is kept of it, so that each operation on it changes one document. */
export interface NodeDocument {
  node: NodeRecord;
  /** The attempt that made the document. */
  attemptId: string;
  /** It has not been let in, or nobody has come to say so here yet: nobody sees the node. */
  isCandidate?: true;
  lastHeartbeat?: StoredHeartbeat;
  counts: SlotCounts;
  status?: StoredStatus;
  /** Those that are closed. */
  history: Record<HistoryResolution, HistorySlot[]>;
  commands: CommandRecord[];
}

/** A join token, and what it has decided of attempts whose callers do not know yet. */
export interface JoinTokenDocument {
  joinToken: JoinTokenRecord;
  /** By the ID of the attempt. */
  decisions: Record<string, Decision>;
}

export interface Decision {
  nodeId: string;
  outcome: CreateNodeOutcome | 'withdrawn';
  decidedAtMs: number;
  /** Somebody else than the caller has done what was decided; the note stays until the caller has read it. */
  isCarriedOut?: true;
}

export interface CloudlyDocument {
  cloudlyId: string;
  probedAtMs?: number;
}

export const documentIds = {
  cloudly: 'cloudly',
  joinTokens: 'join-token/',
  joinToken: (id: string): string => `join-token/${id}`,
  nodes: 'node/',
  node: (nodeId: string): string => `node/${nodeId}`,
} as const;
