import {
  type CallerFleet,
  type MemberState,
  memberStates,
  type RolloutMember,
} from '@serve.zone/baseos-cloudly-handlers';
import { readWholeNumber } from '@serve.zone/baseos-command-line';
import { type CommandDef, defineCommand } from 'citty';
import type { CommandContext } from '../command/command-context.js';
import { readOneOf } from '../flags/read-flag.js';
import { columnsFlag, listFlags } from '../list/list-flags.js';
import { readLayout } from '../list/read-layout.js';
import { writeList } from '../list/write-list.js';
import { nameNode } from '../nodes/name-node.js';
import { fleetFlags, withFleetToRead } from '../operator/with-fleet.js';
import { findRollout, rolloutFlag } from '../rollouts/find-rollout.js';
import { memberColumns, type NamedMember } from '../rollouts/member-columns.js';
import { viewMember } from '../rollouts/rollout-view.js';

const flags = {
  rollout: rolloutFlag,
  state: {
    type: 'string',
    valueHint: 'states',
    offers: memberStates,
    isList: true,
    description: 'Only those in these states, separated by commas',
  },
  wave: { type: 'string', valueHint: 'n', description: 'Only those of this wave, from 1' },
  group: { type: 'string', description: 'Only those with this value of the label that groups are by' },
  ...listFlags,
  columns: columnsFlag(memberColumns),
  ...fleetFlags,
} as const;

const PAGE = 500;
const WAVES_MAX = 50;

export function rolloutMembersCommand(context: CommandContext): CommandDef<typeof flags> {
  return defineCommand({
    meta: { name: 'members', description: 'List the members of a rollout, and where each stands' },
    args: flags,
    run: ({ args }) => {
      const layout = readLayout(context, args, memberColumns, ({ member, name }) => ({ name, ...viewMember(member) }));
      const states = args.state
        ?.split(',')
        .map((state): MemberState => readOneOf('--state', state.trim(), memberStates));
      const wave =
        args.wave === undefined ? undefined : readWholeNumber('--wave', args.wave, { min: 1, max: WAVES_MAX }) - 1;
      return withFleetToRead(context, args, async (fleet) => {
        const { id } = await findRollout(fleet, args.rollout);
        return writeList(context, layout, {
          pages: memberPages(fleet, id, { states, wave, group: args.group }),
          emptySentence: 'There are no such members.',
        });
      });
    },
  });
}

interface Filter {
  states: MemberState[] | undefined;
  wave: number | undefined;
  group: string | undefined;
}

async function* memberPages(fleet: CallerFleet, rolloutId: string, filter: Filter): AsyncGenerator<NamedMember[]> {
  let afterNodeId: string | undefined;
  do {
    const members = await fleet.listRolloutMembers(rolloutId, { ...filter, afterNodeId, limit: PAGE });
    yield await named(fleet, members);
    afterNodeId = members.length < PAGE ? undefined : members.at(-1)?.nodeId;
  } while (afterNodeId !== undefined);
}

/** By as many IDs as a selector has room for. */
const NAMED_AT_ONCE = 20;

async function named(fleet: CallerFleet, members: readonly RolloutMember[]): Promise<NamedMember[]> {
  const names = new Map<string, string>();
  for (let start = 0; start < members.length; start += NAMED_AT_ONCE) {
    const anyOf = members.slice(start, start + NAMED_AT_ONCE).map(({ nodeId }) => nodeId);
    const selector = { terms: [{ field: 'id', anyOf, isNot: false } as const] };
    const { nodes } = await fleet.listNodes({ selector, limit: NAMED_AT_ONCE });
    for (const { facts } of nodes) names.set(facts.nodeId, nameNode(facts));
  }
  return members.map((member) => ({ member, name: names.get(member.nodeId) ?? member.nodeId }));
}
