import type { SeenMember } from '../fleet-store/rollout-member.js';
import type { RolloutStore, SeenMemberQuery } from '../fleet-store/rollout-store.js';
import type { Rollout } from '../fleet-store/rollout.js';
import { roomBeside } from './room.js';
import type { RolloutView } from './rollout-view.js';
import { countAll, inFlightCountOf } from './wave-counts.js';

/** How many candidates are read at least, because some of them cannot be offered the command, and at most. */
const CANDIDATES_MIN = 50;
const CANDIDATES_MAX = 500;

/** What a plan looks at: all that have the command, as many of the others as could get it, and those that are asked for. */
export async function readView(
  store: Pick<RolloutStore, 'readMembers'>,
  rollout: Rollout,
  nowMs: number,
  also: readonly SeenMemberQuery[] = [],
): Promise<RolloutView> {
  const read = (query: SeenMemberQuery): Promise<SeenMember[]> => store.readMembers(rollout.id, query);
  const counts = countAll(rollout.counts);
  const inFlight = inFlightCountOf(counts) > 0 ? await read({ which: 'in-flight' }) : [];
  const queries: SeenMemberQuery[] = [...also];
  const { left, fullGroups } = roomBeside(inFlight, rollout.limits);
  if (rollout.state === 'running' && left > 0) {
    const room = { withoutGroups: fullGroups, limit: Math.min(CANDIDATES_MAX, Math.max(CANDIDATES_MIN, 2 * left)) };
    if (counts.held > 0) queries.push({ which: 'held', wavesTo: rollout.waveIndex, ...room });
    if (counts.deferred > 0) queries.push({ which: 'back', nowMs, ...room });
  }
  const others = await Promise.all(queries.map(read));
  const members = new Map([...others.flat(), ...inFlight].map((seen) => [seen.member.nodeId, seen]));
  return { rollout, members: [...members.values()] };
}
