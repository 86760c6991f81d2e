import { type Behalf, writtenEvent } from '../records/behalf.js';
import { isVisibleView, viewColumns, viewOf, type ViewRow, visibleViews } from '../records/view-rows.js';
import type { ViewOperations } from '../records/store-operations.js';
import { statements } from './statement.js';
import type { Telling, TellingQueries } from './telling.js';

export function createViewOperations({ query, transaction }: Telling, schema: string) {
  const view = viewStatements(schema);

  return (behalf: Behalf): ViewOperations => {
    /** With a scope, that of another actor is as if it did not exist; but its ID is taken. */
    const lock = async (queries: TellingQueries, viewId: string) => {
      const [row] = await queries.query<ViewRow>(view.lock, [viewId]);
      return {
        isTaken: row !== undefined,
        before: row && isVisibleView(behalf, viewOf(row)) ? viewOf(row) : undefined,
      };
    };

    return {
      listViews: async () => visibleViews(behalf, (await query<ViewRow>(view.list)).map(viewOf)),

      saveView: (saved) =>
        transaction(async (queries) => {
          const { isTaken, before } = await lock(queries, saved.id);
          if (isTaken && before?.revision !== saved.revision) return false;
          const written = await queries.query(before ? view.replace : view.add, Object.values(viewColumns(saved)));
          if (written.length === 0) return false;
          queries.tell([writtenEvent(behalf, { kind: 'view-saved', details: { viewId: saved.id, name: saved.name } })]);
          return true;
        }),

      removeView: (viewId) =>
        transaction(async (queries) => {
          const { before } = await lock(queries, viewId);
          if (!before) return false;
          await queries.query(view.remove, [viewId]);
          queries.tell([writtenEvent(behalf, { kind: 'view-removed', details: { viewId, name: before.name } })]);
          return true;
        }),
    };
  };
}

function viewStatements(schema: string) {
  return statements('view', {
    list: `SELECT id, revision, record FROM ${schema}.node_view`,
    lock: `SELECT id, revision, record FROM ${schema}.node_view WHERE id = $1 FOR UPDATE`,
    // Another transaction may have added it since.
    add: `
      INSERT INTO ${schema}.node_view (id, revision, record) VALUES ($1, $2, $3)
      ON CONFLICT (id) DO NOTHING RETURNING id`,
    replace: `
      UPDATE ${schema}.node_view SET revision = revision + 1, record = $3 WHERE id = $1 AND revision = $2 RETURNING id`,
    remove: `DELETE FROM ${schema}.node_view WHERE id = $1`,
  });
}
