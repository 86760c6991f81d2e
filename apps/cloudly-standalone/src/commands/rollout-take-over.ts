import { type CommandDef, defineCommand } from 'citty';
import type { CommandContext } from '../command/command-context.js';
import { report } from '../command/report.js';
import { findNode, nodeFlag } from '../operator/find-node.js';
import { fleetFlags, withFleet } from '../operator/with-fleet.js';
import { jsonFlag, writeJson } from '../output/write-json.js';
import { findRollout, rolloutFlag } from '../rollouts/find-rollout.js';
import { viewMember } from '../rollouts/rollout-view.js';

const flags = { rollout: rolloutFlag, node: nodeFlag, json: jsonFlag, ...fleetFlags } as const;

export function rolloutTakeOverCommand(context: CommandContext): CommandDef<typeof flags> {
  return defineCommand({
    meta: { name: 'take-over', description: 'Let a rollout have a node that another rollout holds' },
    args: flags,
    run: ({ args }) =>
      withFleet(context, args, async (fleet) => {
        const { id, name } = await findRollout(fleet, args.rollout);
        const { nodeId } = (await findNode(fleet, args.node)).facts;
        const given = await fleet.takeOverMember(id, nodeId);
        report(context, `Node ${nodeId} is free for rollout ${name}. The other rollout skips it.`);
        if (args.json) writeJson(context.stdout, viewMember(given));
      }),
  });
}
