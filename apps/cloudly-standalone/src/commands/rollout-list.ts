import { type RolloutState, rolloutStates } from '@serve.zone/baseos-cloudly-handlers';
import { type CommandDef, defineCommand } from 'citty';
import type { CommandContext } from '../command/command-context.js';
import { readOneOf } from '../flags/read-flag.js';
import { columnsFlag, listFlags } from '../list/list-flags.js';
import { onePage } from '../list/list-pages.js';
import { readLayout } from '../list/read-layout.js';
import { writeList } from '../list/write-list.js';
import { fleetFlags, withFleetToRead } from '../operator/with-fleet.js';
import { rolloutColumns } from '../rollouts/rollout-columns.js';
import { viewRollout } from '../rollouts/rollout-view.js';

const flags = {
  state: {
    type: 'string',
    valueHint: 'states',
    offers: rolloutStates,
    isList: true,
    description: 'Only those in these states, separated by commas',
  },
  ...listFlags,
  columns: columnsFlag(rolloutColumns),
  ...fleetFlags,
} as const;

const ROLLOUTS_MAX = 1000;

export function rolloutListCommand(context: CommandContext): CommandDef<typeof flags> {
  return defineCommand({
    meta: { name: 'list', description: 'List the rollouts, the newest first' },
    args: flags,
    run: ({ args }) => {
      const layout = readLayout(context, args, rolloutColumns, (rollout) => viewRollout(rollout, Date.now()));
      const states = args.state
        ?.split(',')
        .map((state): RolloutState => readOneOf('--state', state.trim(), rolloutStates));
      return withFleetToRead(context, args, async (fleet) =>
        writeList(context, layout, {
          pages: onePage(await fleet.listRollouts({ states, limit: ROLLOUTS_MAX })),
          emptySentence: states ? 'There are no such rollouts.' : 'There are no rollouts. `rollout create` makes one.',
        }),
      );
    },
  });
}
