import { escapeControls, type ExitCode, UsageError } from '@serve.zone/baseos-command-line';
import { type CommandDef, defineCommand } from 'citty';
import type { CommandContext } from '../command/command-context.js';
import { findCommand } from '../command/find-command.js';
import { findNode, nodeFlag } from '../command/find-node.js';
import { waitForCommand } from '../command/wait-for-command.js';
import { databaseFlags } from '../database/database-settings.js';
import { withFleetToRead } from '../database/with-store.js';
import { viewCommand } from '../output/command-view.js';
import { describeCommand, nameCommand } from '../output/describe-command.js';
import { formatTable } from '../output/format-table.js';
import { jsonFlag, writeJson } from '../output/write-json.js';

const flags = {
  node: nodeFlag,
  command: {
    type: 'positional',
    required: false,
    called: 'a command ID',
    description: 'The ID of a command, to show it alone',
  },
  wait: { type: 'boolean', description: 'Wait until that command is over; exit code 0 only if it succeeded' },
  json: jsonFlag,
  ...databaseFlags,
} as const;

const COMMANDS_SHOWN = 100;

export function nodeCommandsCommand(context: CommandContext): CommandDef<typeof flags> {
  return defineCommand({
    meta: { name: 'commands', description: `Show the last ${COMMANDS_SHOWN} commands of a node, the newest first` },
    args: flags,
    run: ({ args }) => {
      if (args.wait && args.command === undefined) throw new UsageError('--wait needs the ID of a command.');
      return withFleetToRead(context, args, async (store): Promise<ExitCode> => {
        const { nodeId } = (await findNode(store, args.node)).node;
        const one = args.command === undefined ? undefined : await findCommand(store, nodeId, args.command);
        if (one && args.wait) return waitForCommand(context, store, { nodeId, id: one.id, isJson: args.json });
        const commands = one ? [one] : await store.listCommands(nodeId, COMMANDS_SHOWN);
        const nowMs = Date.now();
        if (args.json) {
          const views = commands.map((command) => viewCommand(command, nowMs));
          writeJson(context.stdout, one ? views[0] : views);
          return 0;
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
        return 0;
      });
    },
  });
}
