import { changeNode, type NodeChanges } from '../fleet/change-node.js';
import type { NodeRecord, UpdatesMode } from '../fleet/node-record.js';
import { announce, nowOf, type OperatorOptions, type Rings } from './operator-event.js';

/**
 * Sets how a node takes new releases: every answer to its heartbeats carries the mode from then on. With `own` the node
 * follows its own configuration again.
 *
 * @returns the resulting record, `undefined` if there is no such node.
 */
export async function setUpdatesMode(
  store: NodeChanges & Rings,
  nodeId: string,
  updatesMode: UpdatesMode,
  options: OperatorOptions = {},
): Promise<NodeRecord | undefined> {
  if (!updatesModes.includes(updatesMode)) {
    throw new TypeError(`updatesMode must be ${updatesModes.join(', ')}, but is ${updatesMode}`);
  }
  const updatesModeSetAtMs = nowOf(options);
  const node = await changeNode(store, nodeId, (before) =>
    before.updatesMode === updatesMode ? before : { ...before, updatesMode, updatesModeSetAtMs },
  );
  if (node) await announce(store, nodeId, { kind: 'updates-mode-set', updatesMode }, options);
  return node;
}

export const updatesModes: readonly UpdatesMode[] = ['free', 'gated', 'own'];
