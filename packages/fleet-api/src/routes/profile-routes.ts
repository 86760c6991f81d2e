import type { NodeProfile } from '@serve.zone/baseos-cloudly-handlers';
import * as v from 'valibot';
import { answerOf } from '../route/answer.js';
import { nodeProfile } from '../schemas/node-schemas.js';
import { labelChanges, text } from '../schemas/parts.js';
import { fleetRoute } from './fleet-route.js';

const answer = answerOf(nodeProfile, { revisionOf: ({ revision }: NodeProfile) => revision });

/** What operators write about a node. */
export const profileRoutes = {
  rename: fleetRoute('rename', {
    method: 'PUT',
    path: '/nodes/{nodeId}/name',
    summary: 'Names a node, or shows its host name again',
    body: v.strictObject({ name: v.nullable(text) }),
    takesRevision: true,
    answer,
    take: ({ params, body, revision }) => [params.nodeId, body.name ?? undefined, { revision }],
    give: (nodeId, name, change) => ({ params: { nodeId }, body: { name: name ?? null }, revision: change?.revision }),
  }),
  setNotes: fleetRoute('setNotes', {
    method: 'PUT',
    path: '/nodes/{nodeId}/notes',
    summary: 'Writes the notes about a node, or removes them',
    body: v.strictObject({ notes: v.nullable(text) }),
    takesRevision: true,
    answer,
    take: ({ params, body, revision }) => [params.nodeId, body.notes ?? undefined, { revision }],
    give: (nodeId, notes, change) => ({
      params: { nodeId },
      body: { notes: notes ?? null },
      revision: change?.revision,
    }),
  }),
  label: fleetRoute('label', {
    method: 'PATCH',
    path: '/nodes/{nodeId}/labels',
    summary: 'Sets labels of a node, and removes those that are null',
    body: v.strictObject({ labels: labelChanges }),
    takesRevision: true,
    answer,
    take: ({ params, body, revision }) => [params.nodeId, body.labels, { revision }],
    give: (nodeId, labels, change) => ({ params: { nodeId }, body: { labels }, revision: change?.revision }),
  }),
};
