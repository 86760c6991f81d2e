import type { NodeStore, NodeRecord, StoredNode } from '@serve.zone/baseos-cloudly-handlers';
import { OperationError, type CommandContext } from '../command/command-context.js';
import type { DatabaseFlags } from '../database/database-location.js';
import { databaseFlags } from '../database/database-settings.js';
import { findNode, nodeFlag, unknownNode } from '../command/find-node.js';
import { jsonFlag, writeJson } from '../output/write-json.js';
import { viewNode } from '../output/node-view.js';
import { withStore } from '../database/with-store.js';

/** Of every command by which an operator decides about a node. */
export const decisionFlags = { node: nodeFlag, json: jsonFlag, ...databaseFlags } as const;

export interface NodeDecision {
  /** Carries it out. Resolves with the new record, or nothing if the node no longer exists. */
  decide: (store: NodeStore, stored: StoredNode) => Promise<NodeRecord | undefined>;
  /** The message for the operator: the new state, and its consequences. */
  describe: (before: NodeRecord, after: NodeRecord) => string;
}

/** Carries out an operator's decision about one node and reports it on stderr; with `--json`, prints the node on stdout. */
export async function decideAboutNode(
  context: CommandContext,
  args: DatabaseFlags & { node: string; json?: boolean | undefined },
  { decide, describe }: NodeDecision,
): Promise<void> {
  await withStore(context, args, async (store) => {
    const before = await findNode(store, args.node);
    const after = await decide(store, before);
    if (!after) throw unknownNode(before.node.nodeId);
    context.stderr.write(`${describe(before.node, after)}\n`);
    if (args.json) writeJson(context.stdout, viewNode({ ...before, node: after }, Date.now()));
  });
}

/** @throws OperationError for a revoked node, on which the decision would have no effect. */
export function requireNotRevoked({ nodeId, revokedAtMs }: NodeRecord): void {
  if (revokedAtMs === undefined) return;
  throw new OperationError(`Node ${nodeId} is revoked. Lift the revocation first: node unrevoke ${nodeId}`);
}
