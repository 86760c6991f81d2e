import type { NodeStore } from '@serve.zone/baseos-cloudly-handlers';

/** Copies what a backup keeps of a fleet: its join tokens and its nodes. */
export async function copyFleet(from: NodeStore, to: NodeStore): Promise<void> {
  for (const joinToken of await from.listJoinTokens()) await to.addJoinToken({ ...joinToken, usedCount: 0 });
  for (const { node } of await from.listNodes({ limit: 10_000 })) await to.createNode(node, 0);
}
