import { randomBytes, randomUUID } from 'node:crypto';
import type { HeartbeatRequest, RegisterRequest, RuntimeStatus } from '@serve.zone/baseos-contracts';
import heartbeatExample from '@serve.zone/baseos-contracts/examples/heartbeat-request.json' with { type: 'json' };
import statusExample from '@serve.zone/baseos-contracts/examples/runtime-status.json' with { type: 'json' };

/** A device as Cloudly sees it: identity, process, messages. It sends nothing by itself. */
export interface EmulatedNode {
  nodeId: string;
  registrationKey: string;
  /** Of the running process. */
  bootId(this: void): string;
  /** A new process: a new boot ID, and sequences from 1. */
  restart(this: void): void;
  registration(this: void, changes?: object): RegisterRequest;
  /** Without a status, and with a sequence of its own. */
  heartbeat(this: void, changes?: object): HeartbeatRequest;
  /** With the status, and a command under way. */
  fullHeartbeat(this: void, changes?: object): HeartbeatRequest;
}

export interface AdmittedNode extends EmulatedNode {
  nodeToken: string;
}

export function createEmulatedNode(nodeId: string = randomUUID()): EmulatedNode {
  // As far as Cloudly can tell, what a node derives from its secret: 32 bytes that nobody can guess.
  const registrationKey = randomBytes(32).toString('base64url');
  let bootId: string = randomUUID();
  let sequence = 0;

  const heartbeat = (changes: object = {}): HeartbeatRequest => ({
    protocol: 1,
    nodeId,
    bootId,
    sequence: (sequence += 1),
    statusHash: 'conformance-1',
    vitals: heartbeatExample.vitals,
    ...changes,
  });

  return {
    nodeId,
    registrationKey,
    bootId: () => bootId,
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
