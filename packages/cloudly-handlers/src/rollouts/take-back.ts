import type { Rollout } from '../fleet-store/rollout.js';
import type { Draft } from './draft.js';

/**
 * - `unlisted`: the commands that no answer has listed; what was listed goes on.
 * - `all`: those that were listed are cancelled, too, because they do harm or are no longer wanted.
 */
export type TakenBack = 'none' | 'unlisted' | 'all';

/** Which commands a rollout takes back. */
export function whatIsTakenBack({ state, pause }: Rollout): TakenBack {
  if (state === 'running') return 'none';
  return state === 'stopped' || pause?.reason === 'failures' ? 'all' : 'unlisted';
}

/** Takes back the commands of a rollout that does not run. */
export function takeBack(draft: Draft, by: { whatIsTakenBack: typeof whatIsTakenBack }): void {
  const taken = by.whatIsTakenBack(draft.rollout());
  if (taken === 'none') return;
  for (const seen of draft.members()) {
    const { member, command } = seen;
    if (member.state === 'offered') {
      draft.withdraw(seen);
      draft.move(seen, { to: 'held', reason: 'withdrawn' });
    }
    if (member.state === 'running' && taken === 'all' && command?.cancelledAtMs === undefined) {
      draft.cancel(seen);
      draft.note(seen, { reason: 'withdrawn' });
    }
  }
}
