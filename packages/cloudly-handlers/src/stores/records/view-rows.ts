import type { SavedView } from '../../fleet-store/saved-view.js';
import type { Behalf } from './behalf.js';

export interface ViewRow {
  id: string;
  revision: number;
  record: string;
}

/** Values by column, in the order of the table. */
export function viewColumns(view: SavedView): ViewRow {
  return { id: view.id, revision: view.revision, record: JSON.stringify(view) };
}

export function viewOf({ record, revision }: Pick<ViewRow, 'record' | 'revision'>): SavedView {
  return { ...(JSON.parse(record) as SavedView), revision };
}

/** With a scope, there are only the views of the same actor. */
export function isVisibleView({ scope, actor }: Behalf, { createdBy }: SavedView): boolean {
  return scope === undefined || createdBy === actor;
}

/** The oldest first. */
export function visibleViews(behalf: Behalf, views: readonly SavedView[]): SavedView[] {
  return views
    .filter((view) => isVisibleView(behalf, view))
    .toSorted((one, other) => one.createdAtMs - other.createdAtMs || (one.id < other.id ? -1 : 1));
}
