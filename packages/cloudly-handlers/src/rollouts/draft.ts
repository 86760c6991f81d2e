import type { FleetEventBody } from '../events/fleet-event.js';
import type { MemberReason, MemberState } from '../fleet/rollout-states.js';
import type { RolloutMember, SeenMember } from '../fleet-store/rollout-member.js';
import type { CommandOfNode } from '../fleet-store/rollout-store.js';
import type { Rollout } from '../fleet-store/rollout.js';
import type { RolloutView } from './rollout-view.js';
import { countMoved, inFlightCountOf } from './wave-counts.js';
import { type Changes, withChanges } from './with-changes.js';

/** What becomes of a rollout and its members: what a plan writes down while it is made. */
export interface Draft {
  nowMs: number;
  /** As it will be. */
  rollout(this: void): Rollout;
  /** Those that are looked at, as they will be. */
  members(this: void): SeenMember[];
  change(this: void, changes: Changes<Rollout>): void;
  tell(this: void, event: FleetEventBody): void;
  /** Another state of a member, which is counted and told. */
  move(this: void, seen: SeenMember, move: MemberMove): void;
  /** What is kept of a member in the same state. */
  note(this: void, seen: SeenMember, changes: Changes<Pick<RolloutMember, 'group' | 'reason' | 'failureCount'>>): void;
  /** Gives the member a command of its own. */
  offer(this: void, seen: SeenMember): void;
  /** Takes back the command of a member that no answer has listed. */
  withdraw(this: void, seen: SeenMember): void;
  /** Cancels the command of a member that an answer has listed: it may have begun. */
  cancel(this: void, seen: SeenMember): void;
  /** New members, which are held. */
  add(this: void, members: readonly RolloutMember[]): void;
  /** All members go; their counts begin anew. */
  clear(this: void): void;
  toPlan(this: void): Plan;
}

export interface MemberMove {
  to: MemberState;
  reason?: MemberReason | undefined;
  waitUntilMs?: number | undefined;
}

/** What is to be kept of a reading, as a whole or not at all. */
export interface Plan {
  /** With the revision that was read. */
  rollout: Rollout;
  /** Without this there is nothing to keep. */
  hasChanged: boolean;
  isUnsettled: boolean;
  members: readonly RolloutMember[];
  added: readonly RolloutMember[];
  isCleared: boolean;
  isReleased: boolean;
  /** Members that get a command of their own. They have none yet in `members`. */
  offered: readonly SeenMember[];
  withdrawn: readonly CommandOfNode[];
  cancelled: readonly CommandOfNode[];
  events: readonly FleetEventBody[];
}

export function createDraft(view: RolloutView, nowMs: number): Draft {
  const seen = new Map(view.members.map((each) => [each.member.nodeId, each]));
  const changed = new Set<string>();
  const offered = new Set<string>();
  const withdrawn = new Map<string, CommandOfNode>();
  const cancelled = new Map<string, CommandOfNode>();
  const added: RolloutMember[] = [];
  const events: FleetEventBody[] = [];
  let { rollout } = view;
  let hasChanged = false;
  let isCleared = false;

  const keep = (nodeId: string, changes: Changes<RolloutMember>): void => {
    const before = seen.get(nodeId);
    if (!before) throw new TypeError(`The plan is about ${nodeId}, which was not read`);
    seen.set(nodeId, { ...before, member: withChanges(before.member, changes) });
    changed.add(nodeId);
    hasChanged = true;
  };
  const memberOf = ({ member: { nodeId } }: SeenMember): RolloutMember => {
    const found = seen.get(nodeId);
    if (!found) throw new TypeError(`The plan is about ${nodeId}, which was not read`);
    return found.member;
  };
  const commandOf = ({ member: { nodeId }, command }: SeenMember): CommandOfNode[] =>
    command ? [{ nodeId, commandId: command.id }] : [];

  const move: Draft['move'] = (each, { to, reason, waitUntilMs }) => {
    const { nodeId, wave, state: from, isHolding } = memberOf(each);
    const counts = countMoved(rollout.counts, wave, from, to);
    rollout = { ...rollout, counts };
    keep(nodeId, {
      state: to,
      reason,
      waitUntilMs,
      sinceMs: nowMs,
      isHolding: isHeldBy(to, isHolding, rollout),
    });
    const details = { rolloutId: rollout.id, wave, from, to, ...(reason !== undefined && { reason }) };
    events.push({ kind: 'rollout-member-moved', nodeId, details });
  };

  return {
    nowMs,
    rollout: () => rollout,
    members: () => [...seen.values()],
    change(changes) {
      rollout = withChanges(rollout, changes);
      hasChanged = true;
    },
    tell(event) {
      events.push(event);
      hasChanged = true;
    },
    move,
    note(each, changes) {
      const before = memberOf(each);
      const isOther = Object.entries(changes).some(([key, value]) => before[key as keyof typeof changes] !== value);
      if (isOther) keep(before.nodeId, changes);
    },
    offer(each) {
      const { nodeId } = each.member;
      move(each, { to: 'offered' });
      keep(nodeId, { offerCount: memberOf(each).offerCount + 1, isHolding: true, commandId: undefined });
      offered.add(nodeId);
    },
    withdraw(each) {
      for (const command of commandOf(each)) withdrawn.set(command.nodeId, command);
    },
    cancel(each) {
      for (const command of commandOf(each)) cancelled.set(command.nodeId, command);
      hasChanged = true;
    },
    add(members) {
      added.push(...members);
      for (const { wave, state } of members) {
        rollout = { ...rollout, counts: countMoved(rollout.counts, wave, undefined, state) };
      }
      hasChanged = true;
    },
    clear() {
      isCleared = true;
      hasChanged = true;
    },
    toPlan: () => ({
      rollout,
      hasChanged,
      isUnsettled: isUnsettled(rollout),
      members: [...changed].flatMap((nodeId) => seen.get(nodeId)?.member ?? []),
      added,
      isCleared,
      isReleased: isOver(rollout) && !isOver(view.rollout),
      offered: [...offered].flatMap((nodeId) => seen.get(nodeId) ?? []),
      withdrawn: [...withdrawn.values()],
      cancelled: [...cancelled.values()],
      events,
    }),
  };
}

/** It offers nothing ever again. */
export function isOver({ state }: Pick<Rollout, 'state'>): boolean {
  return state === 'finished' || state === 'stopped';
}

/** Whether somebody must look after it. */
function isUnsettled({ state, pause, counts }: Rollout): boolean {
  if (state === 'running' || state === 'starting' || pause?.reason === 'window') return true;
  return counts.some((ofWave) => inFlightCountOf(ofWave) > 0);
}

/** A node is held from its first offer on, until it ends or, without a command, its rollout does. */
function isHeldBy(state: MemberState, wasHeld: boolean, rollout: Rollout): boolean {
  if (state === 'offered' || state === 'running') return true;
  return wasHeld && (state === 'held' || state === 'deferred') && !isOver(rollout);
}
