import type { CommandRecord, CommandWarning, FleetNode } from '@serve.zone/baseos-cloudly-handlers';
import { type ExitCode, UsageError } from '@serve.zone/baseos-command-line';
import { type CommandDef, defineCommand } from 'citty';
import { actFlagsWith } from '../bulk/act-on-nodes.js';
import { requireCount } from '../bulk/confirm-count.js';
import { findTarget } from '../bulk/find-target.js';
import { runAction } from '../bulk/run-action.js';
import type { CommandContext } from '../command/command-context.js';
import { report } from '../command/report.js';
import { waitForCommand } from '../operator/wait-for-command.js';
import { withFleet } from '../operator/with-fleet.js';
import { viewCommand } from '../output/command-view.js';
import { nameCommand } from '../output/describe-command.js';
import { writeJson } from '../output/write-json.js';
import { instant } from '../time/instant.js';
import { orderFlags, readOrder } from './command-order.js';

const flags = actFlagsWith({
  ...orderFlags,
  wait: {
    type: 'boolean',
    description: 'Wait until the command of one node is over; exit code 0 only if it succeeded',
  },
});

export function nodeCommandCommand(context: CommandContext): CommandDef<typeof flags> {
  return defineCommand({
    meta: { name: 'command', description: 'Send a command to nodes' },
    args: flags,
    run: ({ args }) => {
      const order = readOrder(args);
      return withFleet(context, args, async (fleet): Promise<ExitCode> => {
        const target = await findTarget(fleet, args.nodes);
        if (target.kind === 'selector') {
          if (args.wait) throw new UsageError(`--wait is for one node, and several match ${target.selector}.`);
          return runAction(context, fleet, { action: { kind: 'command', order }, selector: target.selector, args });
        }
        requireCount(args.count, 1);
        const { nodeId } = target.node.facts;
        const { command, warnings } = await fleet.queueCommand(nodeId, order);
        report(context, `Command ${command.id} (${nameCommand(command)}) is queued for node ${nodeId}.`);
        for (const code of warnings) report(context, warningTexts[code](nodeId));
        for (const warning of absence(target.node, command)) report(context, warning);
        if (args.wait) return waitForCommand(context, fleet, { nodeId, id: command.id, isJson: args.json });
        if (args.json) writeJson(context.stdout, viewCommand(command, Date.now()));
        else context.stdout.write(`${command.id}\n`);
        return 0;
      });
    },
  });
}

const warningTexts: Record<CommandWarning, (nodeId: string) => string> = {
  'not-accepted': (nodeId) =>
    `Node ${nodeId} does not accept this kind of command, according to its last status. ` +
    'Unless that has changed (BASEOS_COMMANDS on the device), it will not carry the command out.',
  'force-not-accepted': (nodeId) =>
    `Node ${nodeId} does not accept force, according to its last status. ` +
    'Unless that has changed (BASEOS_COMMANDS on the device), it will refuse the command.',
  'node-pending': (nodeId) =>
    `Node ${nodeId} waits for approval and gets no commands until then: node approve ${nodeId}`,
  'node-revoked': (nodeId) => `Node ${nodeId} is revoked and gets no commands until then: node unrevoke ${nodeId}`,
  'clone-suspected': (nodeId) =>
    `Two devices use the identity of node ${nodeId}. Neither gets commands until you choose one: node resolve ${nodeId}`,
  'legacy-node': (nodeId) => `Node ${nodeId} is a legacy node, which gets no commands. Update its agent first.`,
};

function absence({ facts: { nodeId }, state, lastHeartbeatAtMs }: FleetNode, { expiresAtMs }: CommandRecord): string[] {
  if (state === 'online') return [];
  const since = lastHeartbeatAtMs === undefined ? 'yet' : `since ${instant(lastHeartbeatAtMs)}`;
  return [
    `Node ${nodeId} has sent no heartbeat ${since}. It gets the command if it does so before ${instant(expiresAtMs)}.`,
  ];
}
