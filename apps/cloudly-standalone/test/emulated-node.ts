import heartbeatExample from '@serve.zone/baseos-contracts/examples/heartbeat-request.json' with { type: 'json' };
import {
  approvalCode,
  type DesiredState,
  endpointUrl,
  parseHeartbeatAnswer,
  parseRegisterAnswer,
  type RegisterRequest,
} from '@serve.zone/baseos-contracts';
import { createEmulatedNode as createSilentNode } from '@serve.zone/baseos-testing/nodes/emulated-node';

export interface EmulatedNode {
  nodeId: string;
  bootId: string;
  /** As the device logs it. */
  approvalCode(): Promise<string>;
  /** The request that registers it. */
  registration(): RegisterRequest;
  /** Answers with the node token. */
  register(
    url: string,
    joinToken: string,
    changes?: object,
  ): Promise<{ status: number; nodeToken?: string; cloudlyId?: string }>;
  /** With status, running command and results of the contract's example, or with these changes alone. */
  heartbeat(url: string, nodeToken: string, changes?: object): Promise<HeartbeatTold>;
}

export interface HeartbeatTold {
  status: number;
  cloudlyId?: string;
  intervalMs?: number;
  desiredState?: DesiredState;
}

/** A node that calls Cloudly itself. */
export function createEmulatedNode(nodeId?: string): EmulatedNode {
  const node = createSilentNode(nodeId);
  return {
    nodeId: node.nodeId,
    bootId: node.bootId(),
    approvalCode: () => approvalCode(node.registrationKey),
    registration: node.registration,
    register: async (url, joinToken, changes) => {
      const response = await post(endpointUrl(url, 'register'), joinToken, node.registration(changes));
      const answer = parseRegisterAnswer(await response.text());
      if (!answer.ok || !answer.value.accepted) return { status: response.status };
      const { nodeToken, cloudlyId } = answer.value;
      return { status: response.status, nodeToken, cloudlyId };
    },
    heartbeat: async (url, nodeToken, changes) => {
      const { commandResults } = heartbeatExample;
      const message = changes ? node.heartbeat(changes) : node.fullHeartbeat({ commandResults });
      const response = await post(endpointUrl(url, 'heartbeat'), nodeToken, message);
      const answer = parseHeartbeatAnswer(await response.text());
      if (!answer.ok) return { status: response.status };
      const { cloudlyId, heartbeatIntervalMs: intervalMs, desiredState } = answer.value;
      return {
        status: response.status,
        cloudlyId,
        ...(intervalMs !== undefined && { intervalMs }),
        ...(desiredState && { desiredState }),
      };
    },
  };
}

function post(url: string, token: string, message: object): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(message),
  });
}
