import type { SeenMember } from '../fleet-store/rollout-member.js';
import type { Rollout } from '../fleet-store/rollout.js';
import { findTooManyFailures } from '../rollouts/failures.js';
import { hindranceOf } from '../rollouts/hindrance.js';
import { groupOf } from '../rollouts/member-group.js';
import { roomBeside } from '../rollouts/room.js';
import { inFlightCountOf, noMembers } from '../rollouts/wave-counts.js';
import { findWaveWait } from '../rollouts/waves.js';
import { windowStateAt } from '../rollouts/window.js';
import type { NamedRollout, Reason, ReasonOfRollout } from './reason.js';

/** A rollout and one of its members, read at one time. */
export interface KnownMembership {
  rollout: Rollout;
  seen: SeenMember;
  /** All members that have the command. */
  inFlight: readonly SeenMember[];
  /** The other rollout that holds the node. */
  heldBy?: NamedRollout | undefined;
}

type Step = ReasonOfRollout extends infer Each
  ? Each extends unknown
    ? Omit<Each, 'rollout'> & { sinceMs?: number }
    : never
  : never;

/** What keeps a member from the command of its rollout, or what has become of it: by the decisions that a plan is made of. */
export function reasonsOfMember(membership: KnownMembership, nowMs: number): Reason[] {
  const { id, name } = membership.rollout;
  return stepsOf(membership, nowMs).map((step): Reason => Object.assign(step, { rollout: { id, name } }));
}

function stepsOf(membership: KnownMembership, nowMs: number): Step[] {
  const { rollout, seen } = membership;
  const { state, sinceMs, wave, offerCount, reason } = seen.member;
  if (state === 'offered' || state === 'running') {
    return [{ code: `member-${state}`, sinceMs, wave, attempt: offerCount }];
  }
  if (state !== 'held' && state !== 'deferred') {
    return [{ code: 'member-over', sinceMs, state, ...(reason !== undefined && { reason }) }];
  }
  if (rollout.state === 'starting') return [{ code: 'rollout-starting', ...since(rollout.startedAtMs) }];
  const pause = rollout.state === 'paused' ? [pauseOf(rollout, nowMs)] : [];
  const wait = wave > rollout.waveIndex ? waveStepOf(rollout, wave, nowMs) : hindranceStepOf(membership, nowMs);
  if (wait) return [...pause, wait];
  return pause.length > 0 ? pause : [turnOf(membership)];
}

function pauseOf(rollout: Rollout, nowMs: number): Step {
  const { reason = 'operator', by = 'system', atMs } = rollout.pause ?? {};
  const { changesAtMs: opensAtMs } =
    reason === 'window' && rollout.window ? windowStateAt(rollout.window, nowMs) : { changesAtMs: undefined };
  const failures = reason === 'failures' ? findTooManyFailures(rollout) : undefined;
  return {
    code: 'rollout-paused',
    ...since(atMs),
    reason,
    by,
    ...(opensAtMs !== undefined && { opensAtMs }),
    ...(failures && { failures }),
  };
}

/** Why its wave is not open. */
function waveStepOf(rollout: Rollout, wave: number, nowMs: number): Step {
  const { waveIndex: openWave, waveOverAtMs, counts } = rollout;
  const waits = waveOverAtMs === undefined ? undefined : findWaveWait(rollout, nowMs);
  if (waits?.until === 'gate-opened') return { code: 'wave-gate', ...since(waveOverAtMs), openWave, wave };
  if (waits?.until === 'soaked')
    return { code: 'wave-soaks', ...since(waveOverAtMs), openWave, wave, untilMs: waits.atMs };
  const ofWave = counts[openWave] ?? noMembers;
  return { code: 'wave-goes-on', openWave, wave, heldCount: ofWave.held, inFlightCount: inFlightCountOf(ofWave) };
}

function hindranceStepOf({ rollout, seen, heldBy }: KnownMembership, nowMs: number): Step | undefined {
  const hindrance = hindranceOf(seen, rollout, nowMs);
  if (!hindrance) return undefined;
  const { to, reason } = hindrance;
  const { state, sinceMs, waitUntilMs } = seen.member;
  if (to === 'skipped') return { code: 'member-over', state: to, reason };
  const deferredSinceMs = state === 'deferred' ? sinceMs : nowMs;
  return {
    code: 'member-deferred',
    ...(state === 'deferred' && { sinceMs }),
    reason,
    ...(reason === 'other-rollout' && heldBy && { heldBy }),
    untilMs: deferredSinceMs + rollout.limits.deferredDueMs,
    ...(reason === 'not-listed' && waitUntilMs !== undefined && { waitUntilMs }),
  };
}

/** Nothing is in its way but others. */
function turnOf({ rollout, seen, inFlight }: KnownMembership): Step {
  const { limits, counts } = rollout;
  const { member, node } = seen;
  const group = node ? groupOf(limits, node) : member.group;
  const room = roomBeside(inFlight, limits);
  if (room.left === 0) return { code: 'rollout-full', inFlightCount: inFlight.length, max: limits.maxInFlight };
  if (room.fullGroups.includes(group) && limits.perGroup) {
    const { label, max } = limits.perGroup;
    const inFlightCount = inFlight.filter((each) => each.member.group === group).length;
    return { code: 'group-full', label, group, inFlightCount, max };
  }
  const heldCount = (counts[member.wave] ?? noMembers).held;
  const { wave, state, reason, sinceMs } = member;
  return {
    code: 'member-next',
    sinceMs,
    wave,
    heldCount,
    ...(state === 'held' && reason !== undefined && { again: reason }),
  };
}

function since(sinceMs: number | undefined): { sinceMs?: number } {
  return sinceMs === undefined ? {} : { sinceMs };
}
