import type { CommandRecord } from '../fleet/command-record.js';
import type { EndpointName, ProblemCode, RuntimeStatus, Vitals } from '@serve.zone/baseos-contracts';

/** What the handlers did with a request: for logs, counters and pages. Holds no secret. */
export type CloudlyEvent = { atMs: number } & (
  | NodeRegistered
  | NodePending
  | HeartbeatReceived
  | NodeTokenIssued
  | NodeTokenActivated
  | NodeRebound
  | CloneSuspected
  | CommandFinished
  | LegacyNodeHeard
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
  /** What the heartbeat brought of it; absent where the node left it out. */
  status?: RuntimeStatus;
  /** `false` for a late heartbeat: a newer one, or a newer process of the node, was there before. */
  stored: boolean;
  /** The next heartbeat was asked to carry the status. */
  sendFullStatus: boolean;
}

/** A new token went out to a node that has one: the first step of a rotation. */
export interface NodeTokenIssued {
  kind: 'node-token-issued';
  nodeId: string;
  nodeTokenId: string;
}

/** A node used its new token for the first time; the one before it is void from now on. */
export interface NodeTokenActivated {
  kind: 'node-token-activated';
  nodeId: string;
  nodeTokenId: string;
}

/** Another device has taken a node's identity over, as an operator had allowed. */
export interface NodeRebound {
  kind: 'node-rebound';
  nodeId: string;
  approvalCode: string;
}

/** Two devices speak as one node; neither gets commands or tokens until an operator says which process stays. */
export interface CloneSuspected {
  kind: 'clone-suspected';
  nodeId: string;
  /** The process that took over last, and those that came back since. */
  bootIds: string[];
}

/** The first result of a command has come. */
export interface CommandFinished {
  kind: 'command-finished';
  nodeId: string;
  command: CommandRecord;
}

/** A legacy node was served. */
export interface LegacyNodeHeard {
  kind: 'legacy-node-heard';
  nodeId: string;
  outcome: 'registered' | 'pending' | 'heartbeat';
  /** What the request brought of it, where it can be read. */
  status?: RuntimeStatus;
}

export interface RequestRefused {
  kind: 'request-refused';
  /** Absent when the path names no endpoint. */
  endpoint?: EndpointName;
  code: ProblemCode;
  status: number;
  detail?: string;
  /** As the request claims it. */
  nodeId?: string;
  /**
   * With `node-id-taken`: the code of the device that asks for another device's place. Compare it with the
   * one that the device shows before you allow the rebind.
   */
  approvalCode?: string;
}
