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

/** A node with all its data, so that each operation on it changes one document. */
export interface NodeDocument {
  node: NodeRecord;
  /** The attempt that made the document. */
  attemptId: string;
  /** It has not been admitted, or that is not recorded here yet: the node is invisible. */
  isCandidate?: true;
  lastHeartbeat?: StoredHeartbeat;
  counts: SlotCounts;
  status?: StoredStatus;
  /** Those that are closed. */
  history: Record<HistoryResolution, HistorySlot[]>;
  commands: CommandRecord[];
  /** When the time of the first of its open commands is up; absent if none is open. */
  nextEndAtMs?: number;
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
  /** Another process has carried out the decision; the note stays until the caller has read it. */
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
