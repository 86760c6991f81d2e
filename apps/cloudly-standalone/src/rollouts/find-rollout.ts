import type { CallerFleet, Rollout } from '@serve.zone/baseos-cloudly-handlers';
import { nearestName } from '@serve.zone/baseos-command-line/nearest-name';
import { OperationError } from '../command/command-context.js';

/** For every command that is about one rollout. */
export const rolloutFlag = {
  type: 'positional',
  required: true,
  called: 'a rollout',
  offers: 'rollouts',
  description: 'The rollout: its name or ID, or the beginning of its ID',
} as const;

const ROLLOUTS_MAX = 1000;

/**
 * The rollout that a person means. Of several with one name, it is the one that is not over.
 *
 * @throws OperationError if there is none, or there are several
 */
export async function findRollout(fleet: CallerFleet, typed: string): Promise<Rollout> {
  const rollouts = await fleet.listRollouts({ limit: ROLLOUTS_MAX });
  const found = [
    rollouts.filter(({ id }) => id === typed),
    rollouts.filter((rollout) => rollout.name === typed && !isOver(rollout)),
    rollouts.filter(({ name }) => name === typed),
    rollouts.filter(({ id }) => typed.length >= 4 && id.startsWith(typed)),
  ].find(({ length }) => length > 0);
  const [rollout, ...others] = found ?? [];
  if (rollout && others.length === 0) return rollout;
  if (rollout) {
    const ids = (found ?? []).map(({ id, state, createdBy }) => `${id} (${state}, by ${createdBy})`).join(', ');
    throw new OperationError(`Several rollouts are called "${typed}": ${ids}. Give the ID of one.`);
  }
  const nearest = nearestName(
    typed,
    rollouts.map(({ name }) => name),
  );
  const hint = nearest === undefined ? '`rollout list` shows all of them.' : `Did you mean "${nearest}"?`;
  throw new OperationError(`There is no rollout "${typed}". ${hint}`);
}

/** It offers nothing any longer. */
export function isOver({ state }: Rollout): boolean {
  return state === 'finished' || state === 'stopped';
}
