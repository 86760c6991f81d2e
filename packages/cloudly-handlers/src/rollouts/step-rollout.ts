import type { NodeStore } from '../fleet/node-store.js';
import type { FleetStore } from '../fleet-store/fleet-store.js';
import type { RolloutStore, SeenMemberQuery } from '../fleet-store/rollout-store.js';
import type { Rollout } from '../fleet-store/rollout.js';
import { changeOfPlan } from './change-of-plan.js';
import type { Plan } from './draft.js';
import { type Alteration, plan } from './plan.js';
import { readView } from './read-view.js';

/** How often a step reads again because somebody else came first. */
const TRIES_MAX = 10;

/** Without a scope: all members count towards the limits. Its caller is who makes the changes. */
export type StepStore = Pick<RolloutStore, 'findRollout' | 'readMembers' | 'changeRollout'> &
  Pick<NodeStore, 'doorbell'>;

/** Where rollouts step as somebody, or somebody's nodes are found. */
export type RolloutFleet = Pick<FleetStore, 'as'>;

export interface StepOptions {
  /** The same as that of the store's caller. */
  nowMs: number;
  /** What somebody changes; called again with each reading. What it throws ends the step, and nothing is kept. */
  alter?: Alteration | undefined;
  /** Members that are read, too. */
  alsoRead?: readonly SeenMemberQuery[] | undefined;
}

export type StepOutcome =
  /**
   * - `changed`: the plan is kept, and more may be to do at once.
   * - `unchanged`: there is nothing to do now.
   */
  | { outcome: 'changed' | 'unchanged'; rollout: Rollout; planned: Plan }
  | { outcome: 'rollout-unknown' }
  /** Others change the rollout all the time. Nothing is kept; try later. */
  | { outcome: 'contention' };

/**
 * Reads a rollout, plans what is to be done, and keeps that as a whole. Any number of processes may do so at once: what was
 * planned from an old reading is not kept, but planned anew. Nodes that get a command, or lose one, are woken.
 */
export function stepRollout(store: StepStore, rolloutId: string, options: StepOptions): Promise<StepOutcome> {
  return stepBy(plan, store, rolloutId, options);
}

/** The same, by another plan. */
export async function stepBy(
  planner: typeof plan,
  store: StepStore,
  rolloutId: string,
  { nowMs, alter, alsoRead }: StepOptions,
): Promise<StepOutcome> {
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    const rollout = await store.findRollout(rolloutId);
    if (!rollout) return { outcome: 'rollout-unknown' };
    const planned = planner(await readView(store, rollout, nowMs, alsoRead), nowMs, alter);
    if (!planned.hasChanged) return { outcome: 'unchanged', rollout, planned };
    const change = await changeOfPlan(planned, nowMs);
    if (!(await store.changeRollout(change))) continue;
    const woken = [...change.offered, ...change.cancelled].map(({ nodeId }) => nodeId);
    await Promise.all(woken.map((nodeId) => wake(store, nodeId)));
    return { outcome: 'changed', rollout: { ...planned.rollout, revision: rollout.revision + 1 }, planned };
  }
  return { outcome: 'contention' };
}

async function wake({ doorbell }: StepStore, nodeId: string): Promise<void> {
  try {
    await doorbell?.ring(nodeId);
  } catch {
    // The change is stored, and the node hears of it with its next heartbeat.
  }
}
