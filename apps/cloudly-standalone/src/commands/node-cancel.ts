import type { CancelOutcome, CommandRecord } from '@serve.zone/baseos-cloudly-handlers';
import { escapeControls } from '@serve.zone/baseos-command-line';
import { type CommandDef, defineCommand } from 'citty';
import { type CommandContext, OperationError } from '../command/command-context.js';
import { findCommand } from '../operator/find-command.js';
import { findNode, nodeFlag } from '../operator/find-node.js';
import { fleetFlags, withFleet } from '../operator/with-fleet.js';
import { viewCommand } from '../output/command-view.js';
import { describeCommand, nameCommand } from '../output/describe-command.js';
import { jsonFlag, writeJson } from '../output/write-json.js';

const flags = {
  node: nodeFlag,
  command: {
    type: 'positional',
    required: true,
    called: 'a command ID',
    description: 'The ID of the command, as in `node commands`, or its beginning',
  },
  json: jsonFlag,
  ...fleetFlags,
} as const;

export function nodeCancelCommand(context: CommandContext): CommandDef<typeof flags> {
  return defineCommand({
    meta: { name: 'cancel', description: 'Cancel a command that a node has not begun' },
    args: flags,
    run: ({ args }) =>
      withFleet(context, args, async (fleet) => {
        const { nodeId } = (await findNode(fleet, args.node)).facts;
        const { id } = await findCommand(fleet, nodeId, args.command);
        const { outcome, command } = await fleet.cancelCommand(nodeId, id);
        const sentence = sentences[outcome](command, nodeId);
        if (outcome !== 'cancelled' && outcome !== 'withdrawn') throw new OperationError(sentence);
        context.stderr.write(`${escapeControls(sentence)}\n`);
        if (args.json) writeJson(context.stdout, viewCommand(command, Date.now()));
      }),
  });
}

type Known = Exclude<CancelOutcome['outcome'], 'command-unknown'>;

const sentences: Record<Known, (command: CommandRecord, nodeId: string) => string> = {
  cancelled: (command) =>
    `Command ${command.id} (${nameCommand(command)}) is cancelled. It was never sent to the node.`,
  withdrawn: (command, nodeId) =>
    `Command ${command.id} (${nameCommand(command)}) is cancelled. It had been sent to node ${nodeId}, which has not reported that ` +
    'it has begun. If it has, its result will be shown.',
  'already-begun': (command) =>
    `Command ${command.id} (${nameCommand(command)}) has already begun, and continues (${describeCommand(command, Date.now())}). ` +
    'Cancelling it changes nothing, unless the node has to wait again.',
  'too-late': (command) =>
    `Command ${command.id} (${nameCommand(command)}) is no longer listed, and the node may have begun it in time. Nothing has changed.`,
  'already-over': (command) =>
    `Command ${command.id} (${nameCommand(command)}) is already over (${describeCommand(command, Date.now())}). Nothing has changed.`,
};
