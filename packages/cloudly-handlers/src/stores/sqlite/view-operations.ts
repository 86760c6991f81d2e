import { type Behalf, writtenEvent } from '../records/behalf.js';
import { isVisibleView, viewColumns, viewOf, type ViewRow, visibleViews } from '../records/view-rows.js';
import type { ViewOperations } from '../records/store-operations.js';
import type { FleetDatabase } from './fleet-database.js';

export function createViewOperations({ prepare, read, write, tell }: FleetDatabase) {
  const statements = {
    find: prepare<ViewRow>('SELECT id, revision, record FROM node_view WHERE id = ?'),
    list: prepare<ViewRow>('SELECT id, revision, record FROM node_view'),
    save: prepare(`
    INSERT INTO node_view (id, revision, record) VALUES (:id, :revision, :record)
    ON CONFLICT DO UPDATE SET revision = node_view.revision + 1, record = excluded.record
    WHERE node_view.revision = excluded.revision`),
    remove: prepare<ViewRow>('DELETE FROM node_view WHERE id = ? RETURNING id, revision, record'),
  };

  return (behalf: Behalf): ViewOperations => {
    const isOfAnother = (viewId: string): boolean => {
      const row = statements.find.get(viewId);
      return row !== undefined && !isVisibleView(behalf, viewOf(row));
    };

    return {
      listViews: () => read(() => visibleViews(behalf, statements.list.all().map(viewOf))),

      saveView: (view) =>
        write(() => {
          if (isOfAnother(view.id) || statements.save.run({ ...viewColumns(view) }).changes === 0) return false;
          tell([writtenEvent(behalf, { kind: 'view-saved', details: { viewId: view.id, name: view.name } })]);
          return true;
        }),

      removeView: (viewId) =>
        write(() => {
          const row = isOfAnother(viewId) ? undefined : statements.remove.get(viewId);
          if (!row) return false;
          tell([writtenEvent(behalf, { kind: 'view-removed', details: { viewId, name: viewOf(row).name } })]);
          return true;
        }),
    };
  };
}
