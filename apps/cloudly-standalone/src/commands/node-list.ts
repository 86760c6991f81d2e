import type { NodeStore, StoredNode } from '@serve.zone/baseos-cloudly-handlers';
import { type CommandDef, defineCommand } from 'citty';
import type { CommandContext } from '../command/command-context.js';
import { databaseFlags } from '../database/database-settings.js';
import { withFleetToRead } from '../database/with-store.js';
import { createTable } from '../table/create-table.js';
import { jsonFlag } from '../output/write-json.js';
import { nameUpdates } from '../output/describe-updates.js';
import { type NodeView, viewNode } from '../output/node-view.js';
import { writeWhenTaken } from '../output/write-when-taken.js';

const flags = { json: jsonFlag, ...databaseFlags } as const;

const PAGE_SIZE = 500;

export function nodeListCommand(context: CommandContext): CommandDef<typeof flags> {
  return defineCommand({
    meta: { name: 'list', description: 'List the nodes and their last heartbeats' },
    args: flags,
    run: ({ args }) =>
      withFleetToRead(context, args, async (store) => {
        const format = args.json ? createJsonList() : createNodeTable();
        const nowMs = Date.now();
        // A fleet may be larger than memory, so it is written as it is read.
        for await (const page of pagesOf(store)) {
          const text = format.page(page.map((stored) => viewNode(stored, nowMs)));
          if (!(await writeWhenTaken(context.stdout, text))) return;
        }
        context.stdout.write(format.end());
      }),
  });
}

interface PageFormat {
  page: (views: readonly NodeView[]) => string;
  end: () => string;
}

function createJsonList(): PageFormat {
  let before = '[';
  return {
    page: (views) => {
      if (views.length === 0) return '';
      const text = before + views.map((view) => JSON.stringify(view)).join(',');
      before = ',';
      return text;
    },
    end: () => (before === '[' ? '[]\n' : ']\n'),
  };
}

function createNodeTable(): PageFormat {
  const headings = ['NODE', 'STATE', 'PRESENCE', 'APPROVAL CODE', 'REGISTERED', 'LAST HEARTBEAT', 'UPDATES', 'COMMAND'];
  const table = createTable(
    headings.map((heading) => ({ heading })),
    undefined,
  );
  return { page: (views) => table.format(views.map(rowOf)), end: () => '' };
}

function rowOf(view: NodeView): string[] {
  const { nodeId, state, presence, approvalCode, registeredAt, lastHeartbeat, runningCommand } = view;
  const seen = lastHeartbeat?.receivedAt ?? 'none yet';
  const row = [
    nodeId,
    state,
    presence,
    approvalCode,
    registeredAt,
    seen,
    nameUpdates(view),
    runningCommand?.phase ?? '-',
  ];
  return row;
}

async function* pagesOf(store: NodeStore): AsyncGenerator<readonly StoredNode[]> {
  let afterNodeId: string | undefined;
  for (;;) {
    const page = await store.listNodes({ ...(afterNodeId !== undefined && { afterNodeId }), limit: PAGE_SIZE });
    yield page;
    if (page.length < PAGE_SIZE) return;
    afterNodeId = page.at(-1)?.node.nodeId;
  }
}
