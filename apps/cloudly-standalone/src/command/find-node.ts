import type { NodeStore, StoredNode } from '@serve.zone/baseos-cloudly-handlers';
import { nodeIdSchema } from '@serve.zone/baseos-contracts';
import { UsageError } from '@serve.zone/baseos-command-line';
import { OperationError } from './command-context.js';

/** For every command that is about one node. */
export const nodeFlag = {
  type: 'positional',
  required: true,
  called: 'a node ID or name',
  description: 'The ID of the node, as in `node list`',
} as const;

/** @throws UsageError for what cannot be a node ID, OperationError if there is no such node. */
export async function findNode(store: NodeStore, typed: string): Promise<StoredNode> {
  const nodeId = nodeIdSchema['~standard'].validate(typed);
  if (nodeId instanceof Promise || nodeId.issues) {
    throw new UsageError(
      `"${typed}" is not a node ID. A node ID has 1 to 128 characters of A-Z a-z 0-9 . _ - and starts with a letter or digit.`,
    );
  }
  const stored = await store.findNode(nodeId.value);
  if (!stored) throw unknownNode(nodeId.value);
  return stored;
}

export function unknownNode(nodeId: string): OperationError {
  return new OperationError(`No node has the ID ${nodeId}. \`node list\` shows all of them.`);
}
