import { randomBytes, randomUUID } from 'node:crypto';
import type { HeartbeatRequest, RegisterRequest, RuntimeStatus } from '@serve.zone/baseos-contracts';
import heartbeatExample from '@serve.zone/baseos-contracts/examples/heartbeat-request.json' with { type: 'json' };
import statusExample from '@serve.zone/baseos-contracts/examples/runtime-status.json' with { type: 'json' };

/**
 * A device as Cloudly sees it: identity, process and messages, made of the contract's examples. It sends nothing on its
 * own.
 */
export interface EmulatedNode {
  nodeId: string;
  registrationKey: string;
  /** The boot ID of the running process. */
  bootId(this: void): string;
  /** Another device that this one's disk is copied to: the same identity, and a process of its own. */
  copyDisk(this: void): EmulatedNode;
  /** Starts a new process: a new boot ID, and sequences from 1. */
  restart(this: void): void;
  registration(this: void, changes?: object): RegisterRequest;
  /** The next heartbeat, without a status. */
  heartbeat(this: void, changes?: object): HeartbeatRequest;
  /** The next heartbeat, with the status and a running command. */
  fullHeartbeat(this: void, changes?: object): HeartbeatRequest;
}

/** A node that has been admitted. */
export interface AdmittedNode extends EmulatedNode {
  nodeToken: string;
}

export function createEmulatedNode(nodeId: string = randomUUID()): EmulatedNode {
  // A real node derives the key from its secret. To Cloudly it is 32 secret bytes.
  return nodeWith(nodeId, randomBytes(32).toString('base64url'));
}

function nodeWith(nodeId: string, registrationKey: string): EmulatedNode {
  let bootId: string = randomUUID();
  let sequence = 0;

  const heartbeat = (changes: object = {}): HeartbeatRequest => ({
    protocol: 1,
    nodeId,
    bootId,
    sequence: (sequence += 1),
    statusHash: 'emulated-1',
    vitals: heartbeatExample.vitals,
    ...changes,
  });

  return {
    nodeId,
    registrationKey,
    bootId: () => bootId,
    copyDisk: () => nodeWith(nodeId, registrationKey),
    restart() {
      bootId = randomUUID();
      sequence = 0;
    },
    registration: (changes = {}) => ({ protocol: 1, nodeId, registrationKey, bootId, status, ...changes }),
    heartbeat,
    fullHeartbeat: (changes = {}) => heartbeat({ status, runningCommand: heartbeatExample.runningCommand, ...changes }),
  };
}

const status = statusExample as RuntimeStatus;
