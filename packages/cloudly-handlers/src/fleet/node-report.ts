import type { RunningCommand, RuntimeStatus, UpdatesStatus, Vitals } from '@serve.zone/baseos-contracts';

/** What a node reports about itself in one request. */
export interface NodeReport {
  bootId: string;
  /** The sequence of the heartbeat, from 1, or 0 for a registration. */
  sequence: number;
  receivedAtMs: number;
  /** Of a heartbeat: when the node counts as offline unless another one has arrived. */
  expectedByMs?: number;
  status?: RuntimeStatus;
  statusHash?: string;
  /** Of a heartbeat; absent for a legacy node. */
  vitals?: Vitals;
  runningCommand?: RunningCommand;
}

export interface StoredHeartbeat {
  bootId: string;
  sequence: number;
  receivedAtMs: number;
  /** When the node counts as offline unless another one has arrived: derived from its interval. */
  expectedByMs: number;
  /** Absent for a legacy node. */
  vitals?: Vitals;
  runningCommand?: RunningCommand;
}

export interface StatusHead {
  /** The process that reported it. */
  bootId: string;
  receivedAtMs: number;
  /** The node's digest of it; absent for a status that came with a registration. */
  hash?: string;
  /** From the status: how the device takes new releases. */
  updates?: UpdatesStatus;
}

export interface StoredStatus extends StatusHead {
  status: RuntimeStatus;
}
