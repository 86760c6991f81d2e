import type { FleetStore, StoredNode } from '@serve.zone/baseos-cloudly-handlers';
import { type CommandDef, defineCommand } from 'citty';
import type { CommandContext } from '../command-context.js';
import { databasePath } from '../database-path.js';
import { formatTable } from '../format-table.js';
import { dataFlag, withStore } from '../with-store.js';

const flags = { data: dataFlag } as const;

const PAGE_SIZE = 500;

export function nodeListCommand(context: CommandContext): CommandDef<typeof flags> {
  return defineCommand({
    meta: { name: 'list', description: 'List the nodes with their last heartbeats' },
    args: flags,
    run: async ({ args }) => {
      const nodes = await withStore(databasePath(args.data), allNodes);
      const rows = nodes.map(({ node, lastHeartbeat }) => [
        node.nodeId,
        nodeState(node),
        new Date(node.registeredAtMs).toISOString(),
        lastHeartbeat ? new Date(lastHeartbeat.receivedAtMs).toISOString() : 'none yet',
      ]);
      context.stdout.write(formatTable(['NODE', 'STATE', 'REGISTERED', 'LAST HEARTBEAT'], rows));
    },
  });
}

async function allNodes(store: FleetStore): Promise<StoredNode[]> {
  const nodes: StoredNode[] = [];
  for (;;) {
    const afterNodeId = nodes.at(-1)?.node.nodeId;
    const page = await store.listNodes({ ...(afterNodeId !== undefined && { afterNodeId }), limit: PAGE_SIZE });
    nodes.push(...page);
    if (page.length < PAGE_SIZE) return nodes;
  }
}

function nodeState({ revokedAtMs, approvedAtMs }: StoredNode['node']): string {
  if (revokedAtMs !== undefined) return 'revoked';
  return approvedAtMs === undefined ? 'pending' : 'registered';
}
