import type { FleetStore, StoredNode } from '@serve.zone/baseos-cloudly-handlers';
import { type CommandDef, defineCommand } from 'citty';
import type { CommandContext } from '../command-context.js';
import { databaseFlags } from '../database/database-location.js';
import { formatTable } from '../format-table.js';
import { jsonFlag } from '../json-flag.js';
import { viewNode } from '../node-view.js';
import { withStore } from '../database/with-store.js';
import { writeJson } from '../write-json.js';

const flags = { json: jsonFlag, ...databaseFlags } as const;

const PAGE_SIZE = 500;

export function nodeListCommand(context: CommandContext): CommandDef<typeof flags> {
  return defineCommand({
    meta: { name: 'list', description: 'List the nodes with their last heartbeats' },
    args: flags,
    run: async ({ args }) => {
      const nodes = await withStore(context, args, allNodes);
      const nowMs = Date.now();
      const views = nodes.map((stored) => viewNode(stored, nowMs));
      if (args.json) {
        writeJson(context.stdout, views);
        return;
      }
      const rows = views.map(({ nodeId, state, presence, approvalCode, registeredAt, lastHeartbeat }) => [
        nodeId,
        state,
        presence,
        approvalCode,
        registeredAt,
        lastHeartbeat?.receivedAt ?? 'none yet',
      ]);
      const headings = ['NODE', 'STATE', 'PRESENCE', 'APPROVAL CODE', 'REGISTERED', 'LAST HEARTBEAT'];
      context.stdout.write(formatTable(headings, rows));
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
