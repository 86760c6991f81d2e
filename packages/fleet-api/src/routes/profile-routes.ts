import type { NodeProfile } from '@serve.zone/baseos-cloudly-handlers';
import * as v from 'valibot';
import { answerOf } from '../route/answer.js';
import { nodeProfile } from '../schemas/node-schemas.js';
import { text } from '../schemas/parts.js';
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
};
