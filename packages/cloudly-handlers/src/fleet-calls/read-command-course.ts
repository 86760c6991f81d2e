import type { CommandKind } from '@serve.zone/baseos-contracts';
import type { OperatorStore } from '../fleet-store/fleet-store.js';
import type { CommandCourse } from '../rollout-preview/command-course.js';
import { mapInLanes } from './map-in-lanes.js';

const PAGE = 1000;
/** How many events are looked through for commands of the kind. */
const PAGES_MAX = 5;
const DURATIONS_MAX = 200;

/** How commands of a kind went since then, the newest of them. */
export async function readCommandCourse(
  store: OperatorStore,
  kind: CommandKind,
  sinceMs: number,
): Promise<CommandCourse> {
  const succeeded: { nodeId: string; commandId: string }[] = [];
  let endedCount = 0;
  let before: number | undefined;
  for (let pages = 0; pages < PAGES_MAX && succeeded.length < DURATIONS_MAX; pages += 1) {
    const events = await store.listEvents({ kinds: ['command-finished'], before, limit: PAGE });
    for (const event of events) {
      if (event.kind !== 'command-finished' || event.atMs < sinceMs || event.details.command !== kind) continue;
      endedCount += 1;
      const { nodeId, details } = event;
      if (details.outcome === 'succeeded') succeeded.push({ nodeId, commandId: details.commandId });
    }
    const last = events.at(-1);
    if (!last || events.length < PAGE || last.atMs < sinceMs) break;
    before = last.position;
  }
  const durations = await mapInLanes(succeeded.slice(0, DURATIONS_MAX), async ({ nodeId, commandId }) => {
    const { listedAtMs, result } = (await store.findCommand(nodeId, commandId)) ?? {};
    return listedAtMs === undefined || !result ? [] : [Math.max(0, result.receivedAtMs - listedAtMs)];
  });
  return {
    durationsMs: durations.flat().toSorted((one, other) => one - other),
    endedCount,
    failedCount: endedCount - succeeded.length,
  };
}
