import type { CallerFleet, SavedView } from '@serve.zone/baseos-cloudly-handlers';
import { nearestName } from '@serve.zone/baseos-command-line/nearest-name';
import { OperationError } from '../command/command-context.js';

/**
 * The saved view with this name or ID.
 *
 * @throws OperationError if there is none, or several have the name.
 */
export async function findView(fleet: CallerFleet, typed: string): Promise<SavedView> {
  const views = await fleet.listViews();
  const found = views.filter(({ id, name }) => id === typed || name === typed);
  const [view, ...others] = found;
  if (view && others.length === 0) return view;
  if (view) {
    const ids = found.map(({ id, createdBy }) => `${id} (by ${createdBy})`).join(', ');
    throw new OperationError(`Several views are called "${typed}": ${ids}. Give the ID of one.`);
  }
  const nearest = nearestName(
    typed,
    views.map(({ name }) => name),
  );
  const hint = nearest === undefined ? '`view list` shows all of them.' : `Did you mean "${nearest}"?`;
  throw new OperationError(`There is no view "${typed}". ${hint}`);
}
