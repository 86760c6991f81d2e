import { type FleetEvent, type FleetEventKind, fleetEventKinds, parsePlace } from '@serve.zone/baseos-cloudly-handlers';
import { escapeControls, readWholeNumber, UsageError } from '@serve.zone/baseos-command-line';
import { nearestName } from '@serve.zone/baseos-command-line/nearest-name';
import { type CommandDef, defineCommand } from 'citty';
import type { CommandContext } from '../command/command-context.js';
import { report } from '../command/report.js';
import { describeFleetEvent } from '../events/describe-fleet-event.js';
import { eventColumns } from '../events/event-columns.js';
import { type EventFilter, eventPages } from '../events/event-pages.js';
import { viewEvent } from '../events/event-view.js';
import { eventNamer, type NamedEvent } from '../events/named-event.js';
import { readSinceMs } from '../flags/read-flag.js';
import { columnsFlag, listFlags } from '../list/list-flags.js';
import { collectPages } from '../list/list-pages.js';
import { readLayout } from '../list/read-layout.js';
import { writeList } from '../list/write-list.js';
import { findNode } from '../operator/find-node.js';
import { fleetFlags, type FollowedFleet, withFollowedFleet } from '../operator/with-fleet.js';
import { writeJson } from '../output/write-json.js';
import { instant } from '../time/instant.js';

const flags = {
  node: { type: 'string', valueHint: 'node', offers: 'nodes', description: 'Only those of this node' },
  kind: {
    type: 'string',
    valueHint: 'kinds',
    offers: fleetEventKinds,
    isList: true,
    description: 'Only these kinds, separated by commas',
  },
  audit: { type: 'boolean', description: 'Only what people did, and what concerns security' },
  since: { type: 'string', valueHint: 'when', description: 'Only those since a time, or a duration ago such as 2d' },
  limit: { type: 'string', description: 'How many at most (default: 100, with --since all)' },
  follow: { type: 'boolean', alias: 'f', description: 'Show further ones as they happen, until Ctrl-C' },
  ...listFlags,
  columns: columnsFlag(eventColumns),
  ...fleetFlags,
} as const;

const LIMIT_MAX = 1_000_000;
const SHOWN = 100;
const SHOWN_BEFORE_FOLLOWING = 10;

export function eventsCommand(context: CommandContext): CommandDef<typeof flags> {
  return defineCommand({
    meta: { name: 'events', description: 'Show what happened, and who did it, the newest first' },
    args: flags,
    run: ({ args }) => {
      if (args.follow && (args.csv || args.columns !== undefined)) {
        throw new UsageError('--follow shows lines, or JSON with --json: it has no columns.');
      }
      const kinds = args.kind === undefined ? undefined : readKinds(args.kind);
      const sinceMs = args.since === undefined ? undefined : readSinceMs('--since', args.since, Date.now());
      const preset = sinceMs === undefined ? (args.follow ? SHOWN_BEFORE_FOLLOWING : SHOWN) : Infinity;
      const limit =
        args.limit === undefined ? preset : readWholeNumber('--limit', args.limit, { min: 1, max: LIMIT_MAX });
      const layout = readLayout(context, args, eventColumns, viewEvent);
      return withFollowedFleet(context, args, 'read', async (followed) => {
        const { fleet } = followed;
        const nodeId = args.node === undefined ? undefined : (await findNode(fleet, args.node)).facts.nodeId;
        const filter: EventFilter = { nodeId, kinds, ...(args.audit && { isAudit: true }) };
        if (args.follow) return follow(context, followed, { filter, sinceMs, limit, isJson: args.json });
        const nameEvents = eventNamer(fleet);
        async function* pages(): AsyncGenerator<readonly NamedEvent[]> {
          for await (const events of eventPages(fleet, { ...filter, sinceMs, limit })) yield nameEvents(events);
        }
        return writeList(context, layout, { pages: pages(), emptySentence: 'There are no such events.' });
      });
    },
  });
}

interface FollowOptions {
  filter: EventFilter;
  sinceMs: number | undefined;
  limit: number;
  isJson: boolean | undefined;
}

/** Shows the last events, and then each as it happens. */
async function follow(
  context: CommandContext,
  { fleet, followEvents }: FollowedFleet,
  { filter, sinceMs, limit, isJson }: FollowOptions,
): Promise<void> {
  const nameEvents = eventNamer(fleet);
  const write = isJson
    ? (named: NamedEvent) => writeJson(context.stdout, viewEvent(named))
    : (named: NamedEvent) => context.stdout.write(`${escapeControls(describeLine(named))}\n`);
  const show = async (events: readonly FleetEvent[]): Promise<void> => {
    for (const named of await nameEvents(events)) write(named);
  };
  const showEarlier = async (place: string): Promise<void> => {
    const before = (parsePlace(place)?.position ?? 0) + 1;
    const earlier = await collectPages(eventPages(fleet, { ...filter, sinceMs, limit, before }));
    await show(earlier.toReversed());
  };

  let hasBegun = false;
  const followed = followEvents(
    { ...filter, signal: context.trapSignals() },
    { onTrouble: ({ message }) => report(context, `Still following, but the fleet does not answer: ${message}`) },
  );
  for await (const { events, after, reset } of followed) {
    if (!hasBegun) await showEarlier(after);
    hasBegun = true;
    if (reset) report(context, 'Still following, but events are missing here: the fleet was restored from a backup.');
    await show(events);
  }
}

function describeLine({ event, nodeName }: NamedEvent): string {
  const { atMs, actor, nodeId } = event;
  const name = nodeName ?? nodeId;
  const by = actor === 'system' || actor.startsWith('node:') ? '' : `, by ${actor}`;
  return `${instant(atMs)} ${name === undefined ? '' : `${name} `}${describeFleetEvent(event)}${by}`;
}

/** @throws UsageError for a kind that there is not. */
function readKinds(typed: string): FleetEventKind[] {
  return typed.split(',').map((text) => {
    const kind = fleetEventKinds.find((each) => each === text.trim());
    if (kind !== undefined) return kind;
    const nearest = nearestName(text.trim(), fleetEventKinds);
    const hint = nearest === undefined ? `There are: ${fleetEventKinds.join(', ')}.` : `Did you mean "${nearest}"?`;
    throw new UsageError(`There are no events of the kind "${text.trim()}". ${hint}`);
  });
}
