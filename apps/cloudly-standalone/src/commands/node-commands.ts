import type { CommandRecord } from '@serve.zone/baseos-cloudly-handlers';
import { type ExitCode, UsageError } from '@serve.zone/baseos-command-line';
import { type CommandDef, defineCommand } from 'citty';
import type { CommandContext } from '../command/command-context.js';
import type { ListColumns } from '../list/list-column.js';
import { listFlags } from '../list/list-flags.js';
import { onePage } from '../list/list-pages.js';
import { readLayout } from '../list/read-layout.js';
import { writeList } from '../list/write-list.js';
import { findCommand } from '../operator/find-command.js';
import { findNode, nodeFlag } from '../operator/find-node.js';
import { waitForCommand } from '../operator/wait-for-command.js';
import { fleetFlags, withFleetToRead } from '../operator/with-fleet.js';
import { viewCommand } from '../output/command-view.js';
import { describeCommand, nameCommand } from '../output/describe-command.js';
import { writeJson } from '../output/write-json.js';
import { formatShortWhen } from '../time/format-duration.js';
import { instant } from '../time/instant.js';

const flags = {
  node: nodeFlag,
  command: {
    type: 'positional',
    required: false,
    called: 'a command ID',
    description: 'The ID of a command, or its beginning, to show it alone',
  },
  wait: { type: 'boolean', description: 'Wait until that command is over; exit code 0 only if it succeeded' },
  ...listFlags,
  ...fleetFlags,
} as const;

const COMMANDS_SHOWN = 100;

export function nodeCommandsCommand(context: CommandContext): CommandDef<typeof flags> {
  return defineCommand({
    meta: { name: 'commands', description: `Show the last ${COMMANDS_SHOWN} commands of a node, the newest first` },
    args: flags,
    run: ({ args }) => {
      if (args.wait && args.command === undefined) throw new UsageError('--wait needs the ID of a command.');
      // One alone is shown as a whole.
      const asked = { ...args, wide: args.wide || args.command !== undefined };
      const layout = readLayout(context, asked, columns, (command) => viewCommand(command, Date.now()));
      return withFleetToRead(context, args, async (fleet): Promise<ExitCode> => {
        const { nodeId } = (await findNode(fleet, args.node)).facts;
        const one = args.command === undefined ? undefined : await findCommand(fleet, nodeId, args.command);
        if (one && args.wait) return waitForCommand(context, fleet, { nodeId, id: one.id, isJson: args.json });
        if (one && args.json) writeJson(context.stdout, viewCommand(one, Date.now()));
        else {
          const commands = one ? [one] : await fleet.listCommands(nodeId, COMMANDS_SHOWN);
          await writeList(context, layout, {
            pages: onePage(commands),
            emptySentence: `Node ${nodeId} has never been sent a command.`,
          });
        }
        return 0;
      });
    },
  });
}

/** Enough to name a command of a node; `findCommand` takes it. */
const SHORT_ID = 8;

const columns: ListColumns<CommandRecord> = {
  shown: ['id', 'command', 'queued', 'state'],
  all: [
    { key: 'id', text: ({ id }) => id.slice(0, SHORT_ID), full: ({ id }) => id },
    { key: 'command', min: 8, text: nameCommand },
    {
      key: 'queued',
      text: ({ queuedAtMs }, nowMs) => formatShortWhen(queuedAtMs, nowMs),
      value: ({ queuedAtMs }) => instant(queuedAtMs),
    },
    { key: 'state', min: 20, isSentence: true, text: describeCommand },
  ],
};
