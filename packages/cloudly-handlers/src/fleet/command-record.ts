import type { CommandResult, OpenEnum, CommandKind } from '@serve.zone/baseos-contracts';

/** A request of an operator to a node, and its result. `commandState` derives its state. */
export interface CommandRecord {
  /** A UUID. */
  id: string;
  kind: OpenEnum<CommandKind>;
  /** Override update locks. */
  force?: boolean;
  appId?: number;
  service?: string;
  queuedAtMs: number;
  /** It is due until then. */
  expiresAtMs: number;
  /** When an answer to the node first listed it. */
  listedAtMs?: number;
  cancelledAtMs?: number;
  /** The first result that arrived for it, even after it was cancelled or had expired. */
  result?: TakenResult;
}

export interface TakenResult extends Omit<CommandResult, 'id'> {
  receivedAtMs: number;
}
