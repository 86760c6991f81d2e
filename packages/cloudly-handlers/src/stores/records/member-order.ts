import type { RolloutMember } from '../../fleet-store/rollout-member.js';
import type { SeenMemberQuery } from '../../fleet-store/rollout-store.js';

type Order = (one: RolloutMember, other: RolloutMember) => number;

/** The order in which a query finds members. */
export function memberOrder(which: SeenMemberQuery['which']): Order {
  if (which === 'held') return byRank;
  return which === 'overdue' ? bySince : byNode;
}

export const byNode: Order = (one, other) => compare(one.nodeId, other.nodeId);

const byRank: Order = (one, other) => one.wave - other.wave || compare(one.rank, other.rank) || byNode(one, other);

const bySince: Order = (one, other) => one.sinceMs - other.sinceMs || byNode(one, other);

function compare(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
