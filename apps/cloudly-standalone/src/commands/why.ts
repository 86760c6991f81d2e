import { describeReason } from '@serve.zone/baseos-cloudly-handlers';
import { escapeControls } from '@serve.zone/baseos-command-line';
import { type CommandDef, defineCommand } from 'citty';
import type { CommandContext } from '../command/command-context.js';
import { nameNode } from '../nodes/name-node.js';
import { findNode, nodeFlag } from '../operator/find-node.js';
import { fleetFlags, withFleetToRead } from '../operator/with-fleet.js';
import { jsonFlag, writeJson } from '../output/write-json.js';
import { formatDuration } from '../time/format-duration.js';

const flags = { node: nodeFlag, json: jsonFlag, ...fleetFlags } as const;

export function whyCommand(context: CommandContext): CommandDef<typeof flags> {
  return defineCommand({
    meta: { name: 'why', description: 'Say why a node waits: in its rollouts, with its commands, and as itself' },
    args: flags,
    run: ({ args }) =>
      withFleetToRead(context, args, async (fleet) => {
        const { facts, state } = await findNode(fleet, args.node);
        const { nodeId, reasons } = await fleet.why(facts.nodeId);
        if (args.json) {
          const told = reasons.map((reason) => ({ ...reason, sentence: describeReason(reason) }));
          return writeJson(context.stdout, { nodeId, state, reasons: told });
        }
        const nowMs = Date.now();
        const lines = reasons.map((reason) => {
          const since = reason.sinceMs === undefined ? '' : `, for ${formatDuration(nowMs - reason.sinceMs)}`;
          return `${describeReason(reason)}${since}.`;
        });
        const told = lines.length > 0 ? lines : [`Nothing is in the way of ${nameNode(facts)}. It is ${state}.`];
        context.stdout.write(told.map((line) => `${escapeControls(line)}\n`).join(''));
      }),
  });
}
