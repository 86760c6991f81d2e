import { sortKeys } from '../fleet-store/fleet-store.js';
import type { SavedView } from '../fleet-store/saved-view.js';
import { parseSort } from '../fleet-store/sort-text.js';
import { textMistake } from '../operator/text-mistake.js';
import { type Call, requireRole, requireValue } from './call.js';
import type { NewView } from './fleet.js';
import { FleetError } from './fleet-error.js';
import { readSelector } from './read-selector.js';
import { requireUuid } from './require-uuid.js';

const NAME_MAX_LENGTH = 100;
const COLUMNS_MAX = 50;

export function listViews({ store }: Call): Promise<SavedView[]> {
  return store.listViews();
}

export async function saveView(call: Call, asked: NewView): Promise<SavedView> {
  const { caller, nowMs, store } = call;
  requireView(asked);
  const { id, revision, name, selector, sort, columns } = asked;
  const content = { name, selector, ...(sort !== undefined && { sort }), ...(columns && { columns: [...columns] }) };
  const before = await findView(call, id);
  if (revision === undefined) {
    const made = { createdBy: caller.actor, createdAtMs: nowMs };
    const view: SavedView = { id, revision: 1, ...content, ...made };
    if (before) return isSame(before, view) ? before : throwTaken(id);
    return (await store.saveView(view)) ? view : throwTaken(id);
  }
  if (!before) return throwUnknown(id);
  requireOwn(call, before);
  const { createdBy, createdAtMs } = before;
  const isSaved =
    before.revision === revision && (await store.saveView({ id, revision, ...content, createdBy, createdAtMs }));
  if (!isSaved) throwChanged(before);
  return { id, revision: revision + 1, ...content, createdBy, createdAtMs };
}

export async function removeView(call: Call, viewId: string): Promise<void> {
  const view = (await findView(call, viewId)) ?? throwUnknown(viewId);
  requireOwn(call, view);
  if (!(await call.store.removeView(viewId))) throwUnknown(viewId);
}

function requireView({ id, name, selector, sort, columns = [] }: NewView): void {
  requireUuid(id);
  requireValue(name.trim() === '' ? 'A view needs a name' : undefined, 'Name it.');
  requireValue(textMistake('The name', name, NAME_MAX_LENGTH), 'Choose another name.');
  const isSorted = sort === undefined || parseSort(sort) !== undefined;
  requireValue(isSorted ? undefined : 'There is no such order', `Sort by one of these: ${sortKeys.join(', ')}.`);
  requireValue(
    columns.length > COLUMNS_MAX ? `A view has at most ${COLUMNS_MAX} columns` : undefined,
    'Leave some out.',
  );
  for (const column of columns) requireValue(textMistake('A column', column, NAME_MAX_LENGTH), 'Correct the value.');
  readSelector(selector);
}

async function findView({ store }: Call, viewId: string): Promise<SavedView | undefined> {
  return (await store.listViews()).find(({ id }) => id === viewId);
}

function requireOwn(call: Call, { createdBy }: SavedView): void {
  if (createdBy !== call.caller.actor) requireRole(call, 'admin', 'change a view that somebody else created');
}

function isSame(before: SavedView, asked: SavedView): boolean {
  const contentOf = ({ name, selector, sort, columns, createdBy }: SavedView) =>
    JSON.stringify([name, selector, sort, columns, createdBy]);
  return contentOf(before) === contentOf(asked);
}

function throwUnknown(viewId: string): never {
  throw new FleetError('view-unknown', `There is no view ${viewId}`, { remedy: 'List the views.' });
}

function throwTaken(viewId: string): never {
  throw new FleetError('id-taken', `There is another view with the ID ${viewId}`, { remedy: 'Choose another ID.' });
}

function throwChanged({ name }: SavedView): never {
  throw new FleetError('revision-changed', `The view ${name} was changed in the meantime`, {
    remedy: 'Read it again, and repeat the change if it still applies.',
  });
}
