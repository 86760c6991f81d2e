import { randomBytes, randomUUID } from 'node:crypto';
import heartbeatExample from '@serve.zone/baseos-contracts/examples/heartbeat-request.json' with { type: 'json' };
import registerExample from '@serve.zone/baseos-contracts/examples/register-request.json' with { type: 'json' };
import { approvalCode, endpointUrl, parseHeartbeatAnswer, parseRegisterAnswer } from '@serve.zone/baseos-contracts';

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

/** The messages of a node, made of the contract's published examples. */
export function createEmulatedNode(nodeId: string = randomUUID()): EmulatedNode {
  const identity = { nodeId, bootId: randomUUID() };
  const registrationKey = randomBytes(32).toString('base64url');
  let sequence = 0;
  const registration = (): object => ({ ...registerExample, ...identity, registrationKey });
  return {
    ...identity,
    approvalCode: () => approvalCode(registrationKey),
    registration,
    register: async (url, joinToken) => {
      const response = await post(endpointUrl(url, 'register'), joinToken, registration());
      const answer = parseRegisterAnswer(await response.text());
      if (!answer.ok || !answer.value.accepted) return { status: response.status };
      const { nodeToken, cloudlyId } = answer.value;
      return { status: response.status, nodeToken, cloudlyId };
    },
    heartbeat: async (url, nodeToken) => {
      sequence += 1;
      const response = await post(endpointUrl(url, 'heartbeat'), nodeToken, {
        ...heartbeatExample,
        ...identity,
        sequence,
      });
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
