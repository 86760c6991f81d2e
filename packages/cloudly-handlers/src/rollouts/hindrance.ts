import type { MemberReason } from '../fleet/rollout-states.js';
import { isInScope } from '../selector/matches.js';
import type { SeenMember } from '../fleet-store/rollout-member.js';
import type { Rollout } from '../fleet-store/rollout.js';

/** Why a member cannot be offered the command: not now, or never. */
export interface Hindrance {
  to: 'deferred' | 'skipped';
  reason: MemberReason;
}

/** What keeps a member from the command, beside the limits and waves of its rollout; nothing if it can be offered. */
export function hindranceOf(seen: SeenMember, { command, scope }: Rollout, nowMs: number): Hindrance | undefined {
  const { member, node, heldBy } = seen;
  if (!node) return { to: 'skipped', reason: 'node-forgotten' };
  if (!isInScope(scope, node.labels)) return { to: 'skipped', reason: 'out-of-scope' };
  if (node.facts.isLegacy) return { to: 'skipped', reason: 'unsupported' };
  if (command.kind === 'update' && command.commit === node.facts.commit && node.facts.updateState === 'idle') {
    return { to: 'skipped', reason: 'already' };
  }
  if (node.facts.isCloneSuspected) return { to: 'deferred', reason: 'clone-suspected' };
  if (heldBy !== undefined) return { to: 'deferred', reason: 'other-rollout' };
  if (node.state !== 'online') return { to: 'deferred', reason: 'offline' };
  if (member.state === 'deferred' && nowMs < (member.waitUntilMs ?? nowMs))
    return { to: 'deferred', reason: 'not-listed' };
  return undefined;
}
