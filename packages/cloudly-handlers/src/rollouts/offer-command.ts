import type { SeenMember } from '../fleet-store/rollout-member.js';
import type { Draft } from './draft.js';
import type { Hindrance, hindranceOf } from './hindrance.js';
import { groupOf } from './member-group.js';
import type { Room, roomBeside } from './room.js';

/** Offers the command to those whose turn it is, as far as the limits allow; says of others why they cannot have it. */
export function offerCommand(
  draft: Draft,
  by: { hindranceOf: typeof hindranceOf; roomBeside: typeof roomBeside },
): void {
  const { state, waveIndex, limits } = draft.rollout();
  if (state !== 'running') return;
  const room = by.roomBeside(draft.members(), limits);
  for (const seen of candidatesOf(draft.members(), waveIndex)) {
    const hindrance = by.hindranceOf(seen, draft.rollout(), draft.nowMs);
    if (hindrance) hinder(draft, seen, hindrance);
    else offerTo(draft, seen, room);
  }
}

/** By wave, and then by rank. Members that were deferred have their turn whichever wave is open. */
function candidatesOf(members: readonly SeenMember[], waveIndex: number): SeenMember[] {
  const candidates = members.filter(({ member: { state, wave } }) => {
    return (state === 'held' || state === 'deferred') && wave <= waveIndex;
  });
  return candidates.toSorted(({ member: one }, { member: other }) => {
    return one.wave - other.wave || (one.rank < other.rank ? -1 : 1);
  });
}

/** Who is deferred stays so for whichever reason, until it is no longer waited for. */
function hinder(draft: Draft, seen: SeenMember, hindrance: Hindrance): void {
  const { state, sinceMs } = seen.member;
  if (hindrance.to === 'skipped' || state !== 'deferred') return draft.move(seen, hindrance);
  const isOverdue = draft.nowMs - sinceMs > draft.rollout().limits.deferredDueMs;
  if (isOverdue) draft.move(seen, { to: 'skipped', reason: 'offline-too-long' });
}

/** The label that makes its group may have changed since it became a member. */
function offerTo(draft: Draft, seen: SeenMember, room: Room): void {
  const { member, node } = seen;
  const group = node ? groupOf(draft.rollout().limits, node) : member.group;
  if (group !== member.group) draft.note(seen, { group });
  if (room.take(group)) draft.offer(seen);
}
