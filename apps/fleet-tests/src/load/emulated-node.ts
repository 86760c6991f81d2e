import { randomBytes, randomUUID } from 'node:crypto';
import type { CommandResult, HeartbeatRequest, RegisterRequest, RuntimeStatus } from '@serve.zone/baseos-contracts';
import heartbeatExample from '@serve.zone/baseos-contracts/examples/heartbeat-request.json' with { type: 'json' };

/** The messages of a node, made of the contract's published examples. */
export interface EmulatedNode {
  nodeId: string;
  registration(this: void): RegisterRequest;
  /** The next one, without a status. */
  heartbeat(this: void, commandResults?: CommandResult[]): HeartbeatRequest;
}

export function createEmulatedNode(): EmulatedNode {
  const identity = { protocol: 1, nodeId: randomUUID(), bootId: randomUUID() } as const;
  const registrationKey = randomBytes(32).toString('base64url');
  const { vitals, statusHash } = heartbeatExample;
  let sequence = 0;
  return {
    nodeId: identity.nodeId,
    registration: () => ({ ...identity, registrationKey, status: heartbeatExample.status as RuntimeStatus }),
    heartbeat: (commandResults = []) => ({
      ...identity,
      sequence: (sequence += 1),
      statusHash,
      vitals,
      ...(commandResults.length > 0 && { commandResults }),
    }),
  };
}
