import type { CommandRecord } from '../fleet/command-record.js';
import type { CommandState } from '../fleet/command-state.js';
import type {
  AnyEndpointName,
  CommandPhase,
  OpenEnum,
  ProblemCode,
  RuntimeStatus,
  Vitals,
} from '@serve.zone/baseos-contracts';

/** What the handlers did with a request: for logs, counters and pages. Contains no secret. */
export type HandlerEvent = { atMs: number } & (
  | NodeRegistered
  | NodePending
  | HeartbeatReceived
  | NodeTokenIssued
  | NodeTokenActivated
  | NodeRebound
  | CloneSuspected
  | CommandListed
  | CommandPhaseChanged
  | CommandFinished
  | CommandEnded
  | LegacyNodeHeard
  | WaitEnded
  | RequestRefused
);

/** A node was accepted and given a node token. */
export interface NodeRegistered {
  kind: 'node-registered';
  nodeId: string;
  bootId: string;
  /** A new node, admitted by `joinTokenId`; otherwise one that proved by its registration key that Cloudly knows it. */
  created: boolean;
  joinTokenId: string;
  nodeTokenId: string;
  status: RuntimeStatus;
}

/** A node waits for an operator's approval. */
export interface NodePending {
  kind: 'node-pending';
  nodeId: string;
  bootId: string;
  created: boolean;
  joinTokenId: string;
  approvalCode: string;
  status: RuntimeStatus;
}

export interface HeartbeatReceived {
  kind: 'heartbeat-received';
  nodeId: string;
  bootId: string;
  sequence: number;
  vitals: Vitals;
  /** The part of it in the heartbeat; absent if the node left it out. */
  status?: RuntimeStatus;
  /** `false` for a late heartbeat: a newer one, or one of a newer process of the node, came first. */
  stored: boolean;
  /** The node was asked for its status in the next heartbeat. */
  sendFullStatus: boolean;
}

/** A new token was issued to a node that has one: the first step of a rotation. */
export interface NodeTokenIssued {
  kind: 'node-token-issued';
  nodeId: string;
  nodeTokenId: string;
}

/** A node used its new token for the first time; the previous one is no longer valid. */
export interface NodeTokenActivated {
  kind: 'node-token-activated';
  nodeId: string;
  nodeTokenId: string;
}

/** Another device has taken over a node's identity, as an operator had allowed. */
export interface NodeRebound {
  kind: 'node-rebound';
  nodeId: string;
  approvalCode: string;
}

/**
 * Two devices use the identity of one node; neither gets commands or tokens until an operator chooses which process
 * stays.
 */
export interface CloneSuspected {
  kind: 'clone-suspected';
  nodeId: string;
  /** The process that took over last, and those that have returned since. */
  bootIds: string[];
}

/** An answer to the node has listed a command for the first time. */
export interface CommandListed {
  kind: 'command-listed';
  nodeId: string;
  command: CommandRecord;
}

/** A node has begun a command, waits to begin it, or does something else with it than before: `command.running`. */
export interface CommandPhaseChanged {
  kind: 'command-phase-changed';
  nodeId: string;
  command: CommandRecord;
  /** Absent if the node names the command for the first time. */
  phaseBefore?: OpenEnum<CommandPhase>;
}

/** The first result of a command has come. */
export interface CommandFinished {
  kind: 'command-finished';
  nodeId: string;
  command: CommandRecord;
  /** With `cancelled`, `expired` or `unknown`, the result has come late and counts nonetheless. */
  stateBefore: CommandState;
}

/** The time of a command is up, and it has no result. `expired`: no answer to its node ever listed it. */
export interface CommandEnded {
  kind: 'command-ended';
  nodeId: string;
  command: CommandRecord;
  state: 'unknown' | 'expired';
}

/** A legacy node was served. */
export interface LegacyNodeHeard {
  kind: 'legacy-node-heard';
  nodeId: string;
  outcome: 'registered' | 'pending' | 'heartbeat';
  /** The part of it in the request, if it can be read. */
  status?: RuntimeStatus;
}

/** A request of a node that waited to be woken has its answer, or its client has gone. */
export interface WaitEnded {
  kind: 'wait-ended';
  nodeId: string;
  end: 'woken' | 'time-over' | 'gone';
}

export interface RequestRefused {
  kind: 'request-refused';
  /** Absent if the path names no endpoint. */
  endpoint?: AnyEndpointName;
  code: ProblemCode;
  status: number;
  detail?: string;
  /** As claimed in the request. */
  nodeId?: string;
  /**
   * With `node-id-taken`: the code of the device that asks for the identity of another device. Compare it with the
   * one that the device shows before you allow the rebind.
   */
  approvalCode?: string;
}
