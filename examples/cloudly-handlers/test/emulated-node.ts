import { CloudlyConnector } from '@serve.zone/baseos-cloudly-connector';
import { createEmulatedNode as createSilentNode } from '@serve.zone/baseos-testing/nodes/emulated-node';

/** A node that is at home in a Cloudly, and speaks as BaseRunner does: through the connector. */
export function createEmulatedNode(cloudlyUrl: string) {
  const cloudly = new CloudlyConnector({ cloudlyUrl, fetch: globalThis.fetch });
  const node = createSilentNode();
  const registration = node.registration();
  return {
    registration,
    register: (joinToken: string) => cloudly.register(registration, { joinToken }),
    heartbeat: (nodeToken: string) => cloudly.heartbeat(node.fullHeartbeat(), { nodeToken }),
  };
}
