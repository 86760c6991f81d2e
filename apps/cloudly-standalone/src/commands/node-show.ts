import type { CommandRecord, StoredStatus } from '@serve.zone/baseos-cloudly-handlers';
import { escapeControls } from '@serve.zone/baseos-command-line';
import { type CommandDef, defineCommand } from 'citty';
import type { CommandContext } from '../command/command-context.js';
import { databaseFlags } from '../database/database-settings.js';
import { findNode, nodeFlag } from '../command/find-node.js';
import { jsonFlag, writeJson } from '../output/write-json.js';
import { viewCommand } from '../output/command-view.js';
import { describeCommand, nameCommand } from '../output/describe-command.js';
import { describeUpdates } from '../output/describe-updates.js';
import { type NodeView, viewNode } from '../output/node-view.js';
import { withFleetToRead } from '../database/with-store.js';

const flags = { node: nodeFlag, json: jsonFlag, ...databaseFlags } as const;

const COMMANDS_SHOWN = 10;

export function nodeShowCommand(context: CommandContext): CommandDef<typeof flags> {
  return defineCommand({
    meta: { name: 'show', description: 'Show everything that is known about a node' },
    args: flags,
    run: ({ args }) =>
      withFleetToRead(context, args, async (store) => {
        const stored = await findNode(store, args.node);
        const { nodeId } = stored.node;
        const status = await store.findStatus(nodeId);
        const nowMs = Date.now();
        const commands = await store.listCommands(nodeId, COMMANDS_SHOWN);
        const view = viewNode(stored, nowMs);
        if (args.json) {
          const { vitals, runningCommand } = stored.lastHeartbeat ?? {};
          const views = commands.map((command) => viewCommand(command, nowMs));
          writeJson(context.stdout, { ...view, status: status?.status, vitals, runningCommand, commands: views });
          return;
        }
        const lines = [...nodeLines(view), ...statusLines(status), ...commandLines(commands, nowMs)];
        const width = Math.max(...lines.map(([name]) => name.length));
        for (const [name, text] of lines) context.stdout.write(`${name.padEnd(width)}  ${escapeControls(text)}\n`);
      }),
  });
}

type Line = [name: string, text: string];

function nodeLines(view: NodeView): Line[] {
  const { lastHeartbeat, currentToken, nextToken } = view;
  const lines: [name: string, text: string | undefined][] = [
    ['Node', view.nodeId],
    ['State', `${view.state}, ${view.presence}`],
    ['Approval code', view.approvalCode],
    ['Join token', view.joinTokenId],
    ['Registered', view.registeredAt],
    ['Approved', view.approvedAt],
    ['Revoked', view.revokedAt],
    ['Another device', view.rebind && `${view.rebind.approvalCode} may take over until ${view.rebind.until}`],
    ['Node token', currentToken && `${currentToken.id}, issued ${currentToken.issuedAt}`],
    ['Next token', nextToken && `${nextToken.id}, issued ${nextToken.issuedAt}, not used yet`],
    ['Rotation', view.rotationDemandedAt && `demanded ${view.rotationDemandedAt}`],
    ['Process', view.bootId],
    ['Two devices', twoDevices(view)],
    ...(view.rivals ?? []).map(({ bootId, lastSeenAt }): Line => ['', `${bootId}, last seen ${lastSeenAt ?? 'never'}`]),
    ['Updates', describeUpdates(view)],
    ['Running', view.runningCommand && `${view.runningCommand.id}: ${view.runningCommand.phase}`],
    [
      'Last heartbeat',
      lastHeartbeat
        ? `${lastHeartbeat.receivedAt}, number ${lastHeartbeat.sequence}; the next one by ${lastHeartbeat.expectedBy}`
        : 'none yet',
    ],
  ];
  return lines.filter((line): line is Line => line[1] !== undefined);
}

function twoDevices({ cloneSuspectedAt, cloneResolvedAt, rivals }: NodeView): string | undefined {
  if (cloneSuspectedAt !== undefined) return `suspected since ${cloneSuspectedAt}`;
  if (cloneResolvedAt === undefined) return undefined;
  const others = rivals ? '; other devices have appeared since, and one of them may be the right one' : '';
  return `resolved ${cloneResolvedAt}; the registration key is no longer accepted${others}`;
}

function statusLines(stored: StoredStatus | undefined): Line[] {
  if (!stored) return [];
  const { agent, runtime, host, supervisor } = stored.status;
  const version = supervisor.state === 'available' ? ` ${supervisor.version}` : '';
  return [
    ['Agent', `${agent.name} ${agent.version} on ${runtime.name} ${runtime.version}`],
    ['Host', `${host.hostname ?? 'without a name'}, ${[host.osVersion ?? host.platform, host.arch].join(', ')}`],
    ['Supervisor', `${supervisor.state}${version}`],
  ];
}

function commandLines(commands: readonly CommandRecord[], nowMs: number): Line[] {
  return commands.map((command, index) => [
    index === 0 ? 'Commands' : '',
    `${command.id} (${nameCommand(command)}, queued ${new Date(command.queuedAtMs).toISOString()}): ${describeCommand(command, nowMs)}`,
  ]);
}
