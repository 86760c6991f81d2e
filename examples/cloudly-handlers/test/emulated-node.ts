import { randomBytes, randomUUID } from 'node:crypto';
import { CloudlyConnector } from '@serve.zone/baseos-cloudly-connector';
import type { HeartbeatRequest, RegisterRequest } from '@serve.zone/baseos-contracts';
import heartbeatExample from '@serve.zone/baseos-contracts/examples/heartbeat-request.json' with { type: 'json' };
import registerExample from '@serve.zone/baseos-contracts/examples/register-request.json' with { type: 'json' };

/** A node that is at home in a Cloudly, and speaks as BaseRunner does: through the connector. */
export function createEmulatedNode(cloudlyUrl: string) {
  const cloudly = new CloudlyConnector({ cloudlyUrl, fetch: globalThis.fetch });
  const identity = { nodeId: randomUUID(), bootId: randomUUID() };
  const registration = {
    ...registerExample,
    ...identity,
    registrationKey: randomBytes(32).toString('base64url'),
  } as RegisterRequest;
  let sequence = 0;

  return {
    registration,
    register: (joinToken: string) => cloudly.register(registration, { joinToken }),
    heartbeat: (nodeToken: string) =>
      cloudly.heartbeat({ ...heartbeatExample, ...identity, sequence: (sequence += 1) } as HeartbeatRequest, {
        nodeToken,
      }),
  };
}
