import * as v from 'valibot';
import { answerOf } from '../route/answer.js';
import { nodeDecision } from '../schemas/node-schemas.js';
import { text } from '../schemas/parts.js';
import { fleetRoute } from './fleet-route.js';

/** What operators decide about a node. */
export const decisionRoutes = {
  approve: fleetRoute('approve', {
    method: 'POST',
    path: '/nodes/{nodeId}/approve',
    summary: 'Approves a node that waits for it',
    body: v.optional(v.strictObject({ approvalCode: v.optional(text) })),
    answer: answerOf(nodeDecision),
    take: ({ params, body }) => [params.nodeId, { approvalCode: body?.approvalCode }],
    give: (nodeId, options) => ({ params: { nodeId }, body: options }),
  }),
};
