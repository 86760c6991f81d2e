import { changeNode } from './change-node.js';
import type { FleetStore } from './fleet-store.js';
import type { NodeRecord } from './node-record.js';
import { defaults } from './handler-options.js';

export interface OperatorOptions {
  /** @default Date.now */
  now?: (() => number) | undefined;
}

/**
 * Lets a node in that waits for approval: its next registration gets a node token. An operator compares the record's
 * `approvalCode` with the one that the device logs first. A node that is approved already stays as it is.
 *
 * @returns the record as it is then, `undefined` when there is no such node.
 */
export const approveNode = (
  store: FleetStore,
  nodeId: string,
  options: OperatorOptions = {},
): Promise<NodeRecord | undefined> => {
  const nowMs = (options.now ?? defaults.now)();
  return changeNode(store, nodeId, (node) =>
    node.approvedAtMs === undefined ? { ...node, approvedAtMs: nowMs } : node,
  );
};

/**
 * Shuts a node out: whatever it asks with its own token or key is answered with 410. Its record stays, so that nobody
 * else gets its node ID. A node that is revoked already stays as it is.
 *
 * @returns the record as it is then, `undefined` when there is no such node.
 */
export const revokeNode = (
  store: FleetStore,
  nodeId: string,
  options: OperatorOptions = {},
): Promise<NodeRecord | undefined> => {
  const nowMs = (options.now ?? defaults.now)();
  return changeNode(store, nodeId, (node) => (node.revokedAtMs === undefined ? { ...node, revokedAtMs: nowMs } : node));
};
