import type { CommandRecord } from '../fleet/command-record.js';
import type { EndpointName, ProblemCode, RuntimeStatus, Vitals } from '@serve.zone/baseos-contracts';

/** What the handlers did with a request: for logs, counters and pages. Contains no secret. */
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
  /** The part of it in the request, if it can be read. */
  status?: RuntimeStatus;
}

export interface RequestRefused {
  kind: 'request-refused';
  /** Absent if the path names no endpoint. */
  endpoint?: EndpointName;
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
