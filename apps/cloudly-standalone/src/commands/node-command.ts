import {
  type CommandRecord,
  type CommandWarning,
  queueCommand,
  type StoredNode,
} from '@serve.zone/baseos-cloudly-handlers';
import type { ExitCode } from '@serve.zone/baseos-command-line';
import { limits } from '@serve.zone/baseos-contracts';
import { type CommandDef, defineCommand } from 'citty';
import { type CommandContext, OperationError } from '../command/command-context.js';
import { findNode, nodeFlag, unknownNode } from '../command/find-node.js';
import { report } from '../command/report.js';
import { waitForCommand } from '../command/wait-for-command.js';
import { databaseFlags } from '../database/database-settings.js';
import { withStore } from '../database/with-store.js';
import { viewCommand } from '../output/command-view.js';
import { nameCommand } from '../output/describe-command.js';
import { viewNode } from '../output/node-view.js';
import { jsonFlag, writeJson } from '../output/write-json.js';
import { orderFlags, readOrder } from './command-order.js';

const flags = {
  node: nodeFlag,
  ...orderFlags,
  wait: { type: 'boolean', description: 'Wait until the command is over; exit code 0 only if it succeeded' },
  json: jsonFlag,
  ...databaseFlags,
} as const;

export function nodeCommandCommand(context: CommandContext): CommandDef<typeof flags> {
  return defineCommand({
    meta: { name: 'command', description: 'Send a command to a node' },
    args: flags,
    run: ({ args }) => {
      const order = readOrder(args);
      return withStore(context, args, async (store): Promise<ExitCode> => {
        const stored = await findNode(store, args.node);
        const { nodeId } = stored.node;
        const queued = await queueCommand(store, nodeId, order);
        if (queued.outcome !== 'queued') {
          throw queued.outcome === 'node-unknown' ? unknownNode(nodeId) : tooManyDue(nodeId);
        }
        const { command, warnings } = queued;
        report(context, `Command ${command.id} (${nameCommand(command)}) is queued for node ${nodeId}.`);
        for (const warning of [...warnings.map((code) => warningTexts[code](nodeId)), ...absence(stored, command)]) {
          report(context, warning);
        }
        if (!args.wait) {
          if (args.json) writeJson(context.stdout, viewCommand(command, Date.now()));
          else context.stdout.write(`${command.id}\n`);
          return 0;
        }
        return waitForCommand(context, store, { nodeId, id: command.id, isJson: args.json });
      });
    },
  });
}

function tooManyDue(nodeId: string): OperationError {
  return new OperationError(
    `Node ${nodeId} already has ${limits.commandsMax} commands that are due, which is as many as it is sent at a time. ` +
      `Wait until one is over, or cancel one: node commands ${nodeId}`,
  );
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

function absence(stored: StoredNode, { expiresAtMs }: CommandRecord): string[] {
  const { nodeId, presence, lastHeartbeat } = viewNode(stored, Date.now());
  if (presence === 'online') return [];
  const since = lastHeartbeat ? `since ${lastHeartbeat.receivedAt}` : 'yet';
  return [
    `Node ${nodeId} has sent no heartbeat ${since}. It gets the command if it does so before ${new Date(expiresAtMs).toISOString()}.`,
  ];
}
