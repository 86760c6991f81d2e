import type { SavedView } from '../../fleet-store/saved-view.js';
import { type Behalf, writtenEvent } from '../records/behalf.js';
import { isVisibleView, visibleViews } from '../records/view-rows.js';
import type { ViewOperations } from '../records/store-operations.js';
import { copy } from './copy.js';
import type { EventLog } from './event-log.js';

export function createViewOperations(
  views: Map<string, SavedView>,
  { tell }: EventLog,
  behalf: Behalf,
): ViewOperations {
  return {
    listViews: async () => visibleViews(behalf, [...views.values()]).map(copy),

    async saveView(view) {
      const { id: viewId, name } = view;
      const before = views.get(viewId);
      if (before && (!isVisibleView(behalf, before) || before.revision !== view.revision)) return false;
      views.set(viewId, { ...copy(view), revision: before ? view.revision + 1 : view.revision });
      tell([writtenEvent(behalf, { kind: 'view-saved', details: { viewId, name } })]);
      return true;
    },

    async removeView(viewId) {
      const view = views.get(viewId);
      if (!view || !isVisibleView(behalf, view)) return false;
      views.delete(viewId);
      tell([writtenEvent(behalf, { kind: 'view-removed', details: { viewId, name: view.name } })]);
      return true;
    },
  };
}
