import { describeRollout, type Rollout, type RolloutMember } from '@serve.zone/baseos-cloudly-handlers';
import { instant } from '../time/instant.js';

/** A rollout as an operator's program may see it: with instants in RFC 3339. */
export function viewRollout(rollout: Rollout, nowMs: number): Record<string, unknown> {
  const { id, name, revision, state, command, selector, createdBy, createdAtMs, waves, limits, window } = rollout;
  const { isDynamic, needsApproval, approval, startedAtMs, pause, endedAtMs, waveIndex, waveOverAtMs, counts } =
    rollout;
  const { gateOpened } = rollout;
  return {
    id,
    name,
    revision,
    state,
    stands: describeRollout(rollout, nowMs),
    command,
    selector,
    createdBy,
    createdAt: instant(createdAtMs),
    isDynamic,
    needsApproval,
    ...(approval && { approval: decided(approval) }),
    limits,
    ...(window && { window }),
    ...(startedAtMs !== undefined && { startedAt: instant(startedAtMs) }),
    ...(pause && { pause: { reason: pause.reason, ...decided(pause) } }),
    ...(endedAtMs !== undefined && { endedAt: instant(endedAtMs) }),
    waveIndex,
    ...(waveOverAtMs !== undefined && { waveOverAt: instant(waveOverAtMs) }),
    ...(gateOpened && { gateOpened: decided(gateOpened) }),
    waves: waves.map((wave, index) => Object.assign({ counts: counts[index] }, wave)),
  };
}

function decided({ by, atMs }: { by: string; atMs: number }): { by: string; at: string } {
  return { by, at: instant(atMs) };
}

/** A member in the same way. */
export function viewMember({ sinceMs, waitUntilMs, rank: _place, ...member }: RolloutMember): Record<string, unknown> {
  return {
    ...member,
    since: instant(sinceMs),
    ...(waitUntilMs !== undefined && { waitUntil: instant(waitUntilMs) }),
  };
}
