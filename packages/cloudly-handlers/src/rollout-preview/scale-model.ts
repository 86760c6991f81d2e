import type { RolloutLimits } from '../fleet-store/rollout.js';
import { groupBy } from './group-by.js';

/** How many members a model has at most, about. */
const MODEL_MAX = 2000;

interface Scalable {
  wave: number;
  group: string;
  rank: string;
}

export interface ScaledModel<Member> {
  members: Member[];
  limits: RolloutLimits;
  /** A command takes so many times as long, because fewer than one member cannot be in flight. */
  stretch: number;
}

/**
 * Fewer members, with limits that let them through in the same time. With a limit for each group, whole groups are taken, because
 * their sizes decide how long it takes; the largest one is among them.
 */
export function scaleModel<Member extends Scalable>(
  members: readonly Member[],
  limits: RolloutLimits,
  max: number = MODEL_MAX,
): ScaledModel<Member> {
  if (members.length <= max) return { members: [...members], limits, stretch: 1 };
  const { perGroup } = limits;
  const groups = perGroup ? wholeGroups(members, max) : undefined;
  const chosen = withEachWave(groups ?? evenly(members, max), members);
  const share = chosen.length / members.length;
  const exact = limits.maxInFlight * share;
  const maxInFlight = Math.max(1, Math.round(exact));
  const maxOfGroup = perGroup && (groups ? perGroup.max : Math.max(1, Math.round(perGroup.max * share)));
  return {
    members: chosen,
    limits: {
      ...limits,
      maxInFlight,
      ...(perGroup && maxOfGroup !== undefined && { perGroup: { ...perGroup, max: maxOfGroup } }),
    },
    stretch: maxInFlight / exact,
  };
}

/** Nothing if the largest one is too large for that. */
function wholeGroups<Member extends Scalable>(members: readonly Member[], max: number): Member[] | undefined {
  const groups = [...groupBy(members, ({ group }) => group).values()].toSorted(
    (one, other) => other.length - one.length,
  );
  const [largest = [], ...others] = groups;
  if (largest.length > max / 2) return undefined;
  const chosen = [...largest];
  for (const group of others.toSorted(byRankOfFirst)) {
    if (chosen.length + group.length <= max) chosen.push(...group);
  }
  return chosen;
}

function byRankOfFirst([one]: readonly Scalable[], [other]: readonly Scalable[]): number {
  return (one?.rank ?? '') < (other?.rank ?? '') ? -1 : 1;
}

/** The same share of each wave, about: by the end of ranks, because waves take nodes by their beginning. */
function evenly<Member extends Scalable>(members: readonly Member[], max: number): Member[] {
  const below = Math.round((max / members.length) * 0x1_0000_0000);
  return members.filter(({ rank }) => Number.parseInt(rank.slice(-8), 16) < below);
}

/** A wave that is left out would not be waited for. */
function withEachWave<Member extends Scalable>(chosen: readonly Member[], members: readonly Member[]): Member[] {
  const there = new Set(chosen.map(({ wave }) => wave));
  const missing = [...groupBy(members, ({ wave }) => wave)].flatMap(([wave, [first]]) =>
    there.has(wave) || !first ? [] : [first],
  );
  return [...chosen, ...missing];
}
