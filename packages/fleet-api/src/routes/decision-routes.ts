import * as v from 'valibot';
import { answerDone, answerOf } from '../route/answer.js';
import { nodeDecision } from '../schemas/node-schemas.js';
import { text, updatesMode } from '../schemas/parts.js';
import { fleetRoute } from './fleet-route.js';

const answer = answerOf(nodeDecision);

/** What operators decide about a node. */
export const decisionRoutes = {
  approve: fleetRoute('approve', {
    method: 'POST',
    path: '/nodes/{nodeId}/approve',
    summary: 'Approves a node that waits for it; with a code, only if it is that of the node',
    body: v.optional(v.strictObject({ approvalCode: v.optional(text) })),
    answer,
    take: ({ params, body }) => [params.nodeId, body],
    give: (nodeId, options) => ({ params: { nodeId }, body: options }),
  }),
  revoke: fleetRoute('revoke', {
    method: 'POST',
    path: '/nodes/{nodeId}/revoke',
    summary: 'Locks a node out',
    answer,
    take: ({ params }) => [params.nodeId],
    give: (nodeId) => ({ params: { nodeId } }),
  }),
  unrevoke: fleetRoute('unrevoke', {
    method: 'POST',
    path: '/nodes/{nodeId}/unrevoke',
    summary: 'Lifts the revocation of a node',
    answer,
    take: ({ params }) => [params.nodeId],
    give: (nodeId) => ({ params: { nodeId } }),
  }),
  forget: fleetRoute('forget', {
    method: 'DELETE',
    path: '/nodes/{nodeId}',
    summary: 'Removes a node and all its data',
    answer: answerDone,
    take: ({ params }) => [params.nodeId],
    give: (nodeId) => ({ params: { nodeId } }),
  }),
  allowRebind: fleetRoute('allowRebind', {
    method: 'POST',
    path: '/nodes/{nodeId}/allow-rebind',
    summary: 'Lets the device with this approval code take over the identity of a node',
    body: v.strictObject({ approvalCode: text }),
    answer,
    take: ({ params, body }) => [params.nodeId, body],
    give: (nodeId, options) => ({ params: { nodeId }, body: options }),
  }),
  resolveClone: fleetRoute('resolveClone', {
    method: 'POST',
    path: '/nodes/{nodeId}/resolve-clone',
    summary: 'Chooses the process that keeps an identity which two devices have',
    body: v.strictObject({ keptBootId: text }),
    answer,
    take: ({ params, body }) => [params.nodeId, body.keptBootId],
    give: (nodeId, keptBootId) => ({ params: { nodeId }, body: { keptBootId } }),
  }),
  rotateToken: fleetRoute('rotateToken', {
    method: 'POST',
    path: '/nodes/{nodeId}/rotate-token',
    summary: 'Replaces the token of a node with its next heartbeat',
    answer,
    take: ({ params }) => [params.nodeId],
    give: (nodeId) => ({ params: { nodeId } }),
  }),
  voidTokens: fleetRoute('voidTokens', {
    method: 'POST',
    path: '/nodes/{nodeId}/void-tokens',
    summary: 'Invalidates a leaked token of a node, or all of them, at once',
    body: v.optional(v.strictObject({ tokenId: v.optional(text) })),
    answer,
    take: ({ params, body }) => [params.nodeId, body?.tokenId],
    give: (nodeId, tokenId) => ({ params: { nodeId }, body: { tokenId } }),
  }),
  setUpdatesMode: fleetRoute('setUpdatesMode', {
    method: 'PUT',
    path: '/nodes/{nodeId}/updates-mode',
    summary: 'Says how a node takes new releases',
    body: v.strictObject({ updatesMode }),
    answer,
    take: ({ params, body }) => [params.nodeId, body.updatesMode],
    give: (nodeId, mode) => ({ params: { nodeId }, body: { updatesMode: mode } }),
  }),
};
