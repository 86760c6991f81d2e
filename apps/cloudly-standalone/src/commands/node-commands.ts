import { escapeControls } from '@serve.zone/baseos-command-line';
import { type CommandDef, defineCommand } from 'citty';
import type { CommandContext } from '../command/command-context.js';
import { findNode, nodeFlag } from '../command/find-node.js';
import { databaseFlags } from '../database/database-settings.js';
import { withFleetToRead } from '../database/with-store.js';
import { viewCommand } from '../output/command-view.js';
import { describeCommand, nameCommand } from '../output/describe-command.js';
import { formatTable } from '../output/format-table.js';
import { jsonFlag, writeJson } from '../output/write-json.js';

const flags = { node: nodeFlag, json: jsonFlag, ...databaseFlags } as const;

const COMMANDS_SHOWN = 100;

export function nodeCommandsCommand(context: CommandContext): CommandDef<typeof flags> {
  return defineCommand({
    meta: { name: 'commands', description: `Show the last ${COMMANDS_SHOWN} commands of a node, the newest first` },
    args: flags,
    run: ({ args }) =>
      withFleetToRead(context, args, async (store) => {
        const { nodeId } = (await findNode(store, args.node)).node;
        const commands = await store.listCommands(nodeId, COMMANDS_SHOWN);
        const nowMs = Date.now();
        if (args.json) {
          writeJson(
            context.stdout,
            commands.map((command) => viewCommand(command, nowMs)),
          );
          return;
        }
        const rows = commands.map((command) => [
          command.id,
          nameCommand(command),
          new Date(command.queuedAtMs).toISOString(),
          describeCommand(command, nowMs),
        ]);
        const headings = ['ID', 'COMMAND', 'QUEUED', 'STATE'];
        context.stdout.write(
          formatTable(
            headings,
            rows.map((row) => row.map(escapeControls)),
          ),
        );
      }),
  });
}
