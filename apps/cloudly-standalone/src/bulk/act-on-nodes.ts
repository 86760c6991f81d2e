import type { BulkAction } from '@serve.zone/baseos-cloudly-handlers';
import { type ExitCode, UsageError } from '@serve.zone/baseos-command-line';
import type { ArgsDef } from 'citty';
import type { CommandContext } from '../command/command-context.js';
import type { FleetFlags } from '../remote/server-access.js';
import { type Decide, decideAboutNode } from '../operator/decide-about-node.js';
import { fleetFlags, withFleet } from '../operator/with-fleet.js';
import { requireCount } from './confirm-count.js';
import { findTarget } from './find-target.js';
import { type ConfirmArguments, confirmFlags, nodesFlag, nodesWordsFlag } from './nodes-flags.js';
import { runAction } from './run-action.js';

const commonFlags = { ...confirmFlags, ...fleetFlags } as const;

/** Of every command that changes one node, or all that a selector matches. */
export const actFlags = { nodes: nodesWordsFlag, ...commonFlags } as const;

/** Of one that is also told what to change, by what these flags add. */
export function actFlagsWith<const Flags extends ArgsDef>(flags: Flags) {
  return { nodes: nodesFlag, ...flags, ...commonFlags } as const;
}

export interface NodesAction {
  /** The node, or the selector. */
  nodes: string;
  /** What is done to several nodes; absent for what is possible for one node alone. */
  action?: BulkAction | undefined;
  /** Does it to one node, and says more about it. */
  decide: Decide;
}

/** Changes the node that a command line names, or all that it selects once their number is confirmed. */
export function actOnNodes(
  context: CommandContext,
  args: ConfirmArguments & FleetFlags,
  { nodes, action, decide }: NodesAction,
): Promise<ExitCode> {
  return withFleet(context, args, async (fleet): Promise<ExitCode> => {
    const target = await findTarget(fleet, nodes);
    if (target.kind === 'selector') {
      if (action) return runAction(context, fleet, { action, selector: target.selector, args });
      throw new UsageError(`That is possible for one node at a time, and several match ${target.selector}.`);
    }
    requireCount(args.count, 1);
    const { nodeId } = target.node.facts;
    await decideAboutNode(context, fleet, { nodeId, decide, isJson: args.json });
    return 0;
  });
}
