import heartbeatExample from '@serve.zone/baseos-contracts/examples/heartbeat-request.json' with { type: 'json' };
import { approvalCode, endpointUrl, parseHeartbeatAnswer, parseRegisterAnswer } from '@serve.zone/baseos-contracts';
import { createEmulatedNode as createSilentNode } from '@serve.zone/baseos-testing/nodes/emulated-node';

export interface EmulatedNode {
  nodeId: string;
  bootId: string;
  /** As the device logs it. */
  approvalCode(): Promise<string>;
  /** The request that registers it. */
  registration(): object;
  /** Answers with the node token. */
  register(url: string, joinToken: string): Promise<{ status: number; nodeToken?: string; cloudlyId?: string }>;
  heartbeat(url: string, nodeToken: string): Promise<{ status: number; cloudlyId?: string; intervalMs?: number }>;
}

/** A node that calls Cloudly itself. */
export function createEmulatedNode(nodeId?: string): EmulatedNode {
  const node = createSilentNode(nodeId);
  return {
    nodeId: node.nodeId,
    bootId: node.bootId(),
    approvalCode: () => approvalCode(node.registrationKey),
    registration: node.registration,
    register: async (url, joinToken) => {
      const response = await post(endpointUrl(url, 'register'), joinToken, node.registration());
      const answer = parseRegisterAnswer(await response.text());
      if (!answer.ok || !answer.value.accepted) return { status: response.status };
      const { nodeToken, cloudlyId } = answer.value;
      return { status: response.status, nodeToken, cloudlyId };
    },
    heartbeat: async (url, nodeToken) => {
      const { commandResults } = heartbeatExample;
      const response = await post(endpointUrl(url, 'heartbeat'), nodeToken, node.fullHeartbeat({ commandResults }));
      const answer = parseHeartbeatAnswer(await response.text());
      if (!answer.ok) return { status: response.status };
      const { cloudlyId, heartbeatIntervalMs: intervalMs } = answer.value;
      return { status: response.status, cloudlyId, ...(intervalMs !== undefined && { intervalMs }) };
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
