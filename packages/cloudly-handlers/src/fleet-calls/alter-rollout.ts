import { FleetStoreError } from '../fleet/fleet-store-error.js';
import type { SeenMemberQuery } from '../fleet-store/rollout-store.js';
import type { Rollout } from '../fleet-store/rollout.js';
import type { Plan } from '../rollouts/draft.js';
import type { Alteration } from '../rollouts/plan.js';
import { stepRollout } from '../rollouts/step-rollout.js';
import type { Call } from './call.js';
import { FleetError } from './fleet-error.js';
import { throwUnknownRollout } from './rollouts.js';

export interface Altered {
  rollout: Rollout;
  planned: Plan;
}

/**
 * Changes a rollout as the caller, with all that follows of the change. The whole of it counts towards its limits, also what is
 * out of the caller's scope: whoever calls this has judged before whether they may.
 */
export async function alterRollout(
  { caller: { actor }, fleet, now }: Call,
  rolloutId: string,
  alter: Alteration,
  alsoRead: readonly SeenMemberQuery[] = [],
): Promise<Altered> {
  const nowMs = now();
  const stepped = await stepRollout(fleet.as({ actor, nowMs }), rolloutId, { nowMs, alter, alsoRead });
  if (stepped.outcome === 'rollout-unknown') return throwUnknownRollout(rolloutId);
  return stepped.outcome === 'contention' ? throwContended(rolloutId) : stepped;
}

/** The rollout is changed all the time. */
export function throwContended(rolloutId: string): never {
  throw new FleetStoreError('contention', `Rollout ${rolloutId} was changed by others again and again`);
}

/** @throws FleetError because the rollout is in a state in which that cannot be done */
export function throwUnfit(rollout: Pick<Rollout, 'name' | 'state'>, remedy: string): never {
  throw new FleetError('state-unfit', `Rollout ${rollout.name} ${stateWords[rollout.state]}`, { remedy });
}

const stateWords: Record<Rollout['state'], string> = {
  draft: 'is a draft',
  starting: 'is being started',
  running: 'runs',
  paused: 'is paused',
  finished: 'is finished',
  stopped: 'was stopped',
};
