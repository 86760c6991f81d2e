import type { CommandRecord, FleetEvent, NodeDetails, StoredStatus } from '@serve.zone/baseos-cloudly-handlers';
import { escapeControls, wrapText } from '@serve.zone/baseos-command-line';
import { type CommandDef, defineCommand } from 'citty';
import { viewAlert } from '../alerts/alert-view.js';
import type { CommandContext } from '../command/command-context.js';
import { describeFleetEvent } from '../events/describe-fleet-event.js';
import { viewEvent } from '../events/event-view.js';
import { describeUpdates } from '../nodes/describe-updates.js';
import { formatLabels } from '@serve.zone/baseos-cloudly-handlers';
import { type NodeView, viewNode } from '../nodes/node-view.js';
import { findNode, nodeFlag } from '../operator/find-node.js';
import { fleetFlags, withFleetToRead } from '../operator/with-fleet.js';
import { viewCommand } from '../output/command-view.js';
import { describeCommand, nameCommand } from '../output/describe-command.js';
import { jsonFlag, writeJson } from '../output/write-json.js';
import { instant } from '../time/instant.js';
import { formatAgo } from '../time/format-duration.js';

const flags = { node: nodeFlag, json: jsonFlag, ...fleetFlags } as const;

const COMMANDS_SHOWN = 10;
const EVENTS_SHOWN = 10;

export function nodeShowCommand(context: CommandContext): CommandDef<typeof flags> {
  return defineCommand({
    meta: { name: 'show', description: 'Show everything that is known about a node' },
    args: flags,
    run: ({ args }) =>
      withFleetToRead(context, args, async (fleet) => {
        const { nodeId } = (await findNode(fleet, args.node)).facts;
        const details = await fleet.getNode(nodeId);
        const commands = await fleet.listCommands(nodeId, COMMANDS_SHOWN);
        const events = await fleet.timeline(nodeId, { limit: EVENTS_SHOWN });
        const nowMs = Date.now();
        const view = viewNode(details, nowMs);
        if (args.json) {
          const { vitals, runningCommand } = details.lastHeartbeat ?? {};
          writeJson(context.stdout, {
            ...view,
            status: details.status?.status,
            vitals,
            runningCommand,
            openAlerts: details.openAlerts.map(viewAlert),
            commands: commands.map((command) => viewCommand(command, nowMs)),
            events: events.map((event) => viewEvent({ event })),
          });
          return;
        }
        const lines = [
          ...nodeLines(view, details, nowMs),
          ...alertLines(details, nowMs),
          ...statusLines(details.status),
          ...noteLines(view),
          ...commandLines(commands, nowMs),
          ...eventLines(events, nowMs),
        ];
        context.stdout.write(formatLines(lines, context.terminal.columns));
      }),
  });
}

type Line = [name: string, text: string];

/** The texts beside their names; wrapped where the width of the terminal is known. */
function formatLines(lines: readonly Line[], columns = Infinity): string {
  const indent = Math.max(...lines.map(([name]) => name.length)) + 2;
  const format = ([name, text]: Line): string => {
    const wrapped = columns === Infinity ? [text] : wrapText(text, columns - indent);
    return (wrapped.length === 0 ? [''] : wrapped)
      .map((line, index) => `${(index === 0 ? name : '').padEnd(indent)}${line}\n`)
      .join('');
  };
  return lines.map(([name, text]) => format([name, escapeControls(text)])).join('');
}

function nodeLines(view: NodeView, { lastHeartbeatAtMs }: NodeDetails, nowMs: number): Line[] {
  const { lastHeartbeat, currentToken, nextToken } = view;
  const seen = lastHeartbeatAtMs === undefined ? 'never' : formatAgo(lastHeartbeatAtMs, nowMs);
  const lines: [name: string, text: string | undefined][] = [
    ['Node', view.nodeId],
    ['Name', view.name ?? view.hostname],
    ['State', `${view.state}, last seen ${seen}`],
    ['Labels', formatLabels(view.labels) || undefined],
    ['Device', view.uuid],
    ['Release', view.commit],
    ['Update', view.updateState],
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
    ['Storage', view.freeStoragePercent === undefined ? undefined : `${view.freeStoragePercent} % free`],
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

/** Each with what to do about it. */
function alertLines({ openAlerts }: NodeDetails, nowMs: number): Line[] {
  return openAlerts.flatMap(({ kind, urgency, sinceMs, snooze, remedy }, index): Line[] => {
    const snoozed = snooze ? `, snoozed until ${instant(snooze.untilMs)}` : '';
    const heading = `${kind} (${urgency}), since ${formatAgo(sinceMs, nowMs)}${snoozed}`;
    return [
      [index === 0 ? 'Alerts' : '', heading],
      ['', remedy],
    ];
  });
}

function noteLines({ notes }: NodeView): Line[] {
  return (notes?.split('\n') ?? []).map((text, index) => [index === 0 ? 'Notes' : '', text]);
}

function commandLines(commands: readonly CommandRecord[], nowMs: number): Line[] {
  return commands.map((command, index) => [
    index === 0 ? 'Commands' : '',
    `${command.id} (${nameCommand(command)}, ${formatAgo(command.queuedAtMs, nowMs)}): ${describeCommand(command, nowMs)}`,
  ]);
}

function eventLines(events: readonly FleetEvent[], nowMs: number): Line[] {
  return events.map((event, index) => {
    const by = event.actor === 'system' || event.actor.startsWith('node:') ? '' : `, by ${event.actor}`;
    return [index === 0 ? 'Events' : '', `${formatAgo(event.atMs, nowMs)}: ${describeFleetEvent(event)}${by}`];
  });
}
