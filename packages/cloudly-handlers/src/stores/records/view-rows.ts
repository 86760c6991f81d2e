import type { SavedView } from '../../fleet-store/saved-view.js';

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
