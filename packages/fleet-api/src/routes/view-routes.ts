import type { SavedView } from '@serve.zone/baseos-cloudly-handlers';
import * as v from 'valibot';
import { answerDone, answerOf, answerWith } from '../route/answer.js';
import { savedView } from '../schemas/fleet-schemas.js';
import { text } from '../schemas/parts.js';
import { fleetRoute } from './fleet-route.js';

/** Saved lists of nodes. */
export const viewRoutes = {
  listViews: fleetRoute('listViews', {
    method: 'GET',
    path: '/views',
    summary: 'Lists the saved views',
    answer: answerWith('views', v.array(savedView)),
    take: () => [],
    give: () => ({}),
  }),
  saveView: fleetRoute('saveView', {
    method: 'PUT',
    path: '/views/{viewId}',
    summary: 'Adds a view under a UUID of your choice; with If-Match, changes the one that has it',
    body: v.strictObject({
      name: text,
      selector: text,
      sort: v.optional(text),
      columns: v.optional(v.array(text)),
    }),
    takesRevision: true,
    answer: answerOf(savedView, { revisionOf: ({ revision }: SavedView) => revision }),
    take: ({ params, body, revision }) => [{ id: params.viewId, revision, ...body }],
    give: ({ id, revision, columns, ...rest }) => ({
      params: { viewId: id },
      body: { ...rest, columns: columns && [...columns] },
      revision,
    }),
  }),
  removeView: fleetRoute('removeView', {
    method: 'DELETE',
    path: '/views/{viewId}',
    summary: 'Removes a view',
    answer: answerDone,
    take: ({ params }) => [params.viewId],
    give: (viewId) => ({ params: { viewId } }),
  }),
};
