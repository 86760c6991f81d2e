import { type NodeRecord, setUpdatesMode, type UpdatesMode } from '@serve.zone/baseos-cloudly-handlers';
import { type CommandDef, defineCommand } from 'citty';
import type { CommandContext } from '../command/command-context.js';
import { readOneOf } from '../flags/read-flag.js';
import { decideAboutNode, decisionFlags } from './node-decision.js';

const modes: readonly UpdatesMode[] = ['gated', 'free', 'own'];

const { node, ...rest } = decisionFlags;
const flags = {
  node,
  mode: {
    type: 'positional',
    required: true,
    description:
      'gated: releases wait for the command update. free: the device installs them. own: as the device is set',
  },
  ...rest,
} as const;

export function nodeUpdatesCommand(context: CommandContext): CommandDef<typeof flags> {
  return defineCommand({
    meta: { name: 'updates', description: 'Set whether a node installs releases on its own' },
    args: flags,
    run: ({ args }) => {
      const mode = readOneOf('The mode', args.mode, modes);
      return decideAboutNode(context, args, {
        decide: (store, { node: { nodeId } }) => setUpdatesMode(store, nodeId, mode),
        describe: (before, after) => describeMode(before, after, mode),
      });
    },
  });
}

function describeMode(before: NodeRecord, { nodeId }: NodeRecord, mode: UpdatesMode): string {
  const since = before.updatesMode === mode ? ', as before' : ' from its next heartbeat on';
  return `The updates of node ${nodeId} are ${mode}${since}: ${consequences[mode]}`;
}

const consequences: Record<UpdatesMode, string> = {
  gated: 'releases wait for the command update, if the node accepts that command.',
  free: 'it installs releases on its own.',
  own: 'it follows its own setting (BASEOS_UPDATES).',
};
