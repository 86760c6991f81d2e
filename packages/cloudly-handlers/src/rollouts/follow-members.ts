import type { SeenMember } from '../fleet-store/rollout-member.js';
import type { Draft } from './draft.js';
import type { MemberOutcome, outcomeOf } from './outcome-of-member.js';

/** Lets each member follow its command. */
export function followMembers(draft: Draft, by: { outcomeOf: typeof outcomeOf }): void {
  for (const seen of draft.members()) {
    if (seen.member.state === 'offered' && seen.command?.listedAtMs !== undefined) draft.move(seen, { to: 'running' });
    const outcome = by.outcomeOf(seen, draft.rollout(), draft.nowMs);
    if (outcome) follow(draft, seen, outcome);
  }
}

function follow(draft: Draft, seen: SeenMember, outcome: MemberOutcome): void {
  const { state, failureCount } = seen.member;
  if (outcome.isWithdrawn) draft.withdraw(seen);
  const isLate = state !== 'offered' && state !== 'running';
  const hasFailed = outcome.to === 'failed' || outcome.to === 'unknown';
  // A result that nobody understands is none that it could change to.
  if (outcome.to === state) return draft.note(seen, { reason: outcome.reason });
  if (!hasFailed || isLate) return draft.move(seen, outcome);
  draft.note(seen, { failureCount: failureCount + 1 });
  const { limits, state: ofRollout } = draft.rollout();
  const canRetry = failureCount + 1 < limits.attempts && ofRollout !== 'stopped';
  draft.move(seen, canRetry ? { to: 'held', reason: 'retry' } : outcome);
}
