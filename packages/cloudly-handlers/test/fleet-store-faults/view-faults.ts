import type { SavedView } from '../../src/fleet-store/saved-view.js';
import { unscoped, type Faults, type OperatorFault } from './fault.js';

export const viewFaults: Faults = {
  'lists the newest views first': {
    breaks: ['keeps views, the oldest first'],
    operator: (operator) => ({ listViews: async () => (await operator.listViews()).toReversed() }),
  },
  'keeps the view that it was given, rather than a copy': {
    breaks: ['accepts and returns views as copies'],
    operator: sharingViews(),
  },
  'shows everybody the views of all': {
    breaks: ['shows those with a scope their own views'],
    operator: unscoped('listViews'),
  },
  'lets everybody remove the views of all': {
    breaks: ['shows those with a scope their own views'],
    operator: unscoped('removeView'),
  },
  'replaces views whatever their revision': {
    breaks: ['adds a view once'],
    operator: (operator) => ({
      async saveView(view) {
        for (;;) {
          const before = (await operator.listViews()).find(({ id }) => id === view.id);
          if (await operator.saveView({ ...view, revision: before?.revision ?? view.revision })) return true;
        }
      },
    }),
  },
};

function sharingViews(): OperatorFault {
  const shared = new Map<string, SavedView>();
  return (operator) => ({
    saveView(view) {
      shared.set(view.id, view);
      return operator.saveView(view);
    },
    listViews: async () => [...shared.values()],
  });
}
