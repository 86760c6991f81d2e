import * as v from 'valibot';
import { answerOf, answerWith } from '../route/answer.js';
import { describes } from '../schemas/describes.js';
import { shownJoinToken } from '../schemas/fleet-schemas.js';
import { flag, labels, maybe, text, wholeNumber } from '../schemas/parts.js';
import type { CallerFleet, NewJoinToken } from '@serve.zone/baseos-cloudly-handlers';
import { fleetRoute } from './fleet-route.js';

const newJoinToken = describes<NewJoinToken>()(
  v.strictObject({
    uses: maybe(wholeNumber),
    expiresInMs: maybe(wholeNumber),
    requiresApproval: maybe(flag),
    maxPending: maybe(wholeNumber),
    description: maybe(text),
    labels: maybe(labels),
  }),
);

const createdJoinToken = describes<Awaited<ReturnType<CallerFleet['createJoinToken']>>>()(
  v.object({ joinToken: text, record: shownJoinToken }),
);

/** What admits new nodes. */
export const joinTokenRoutes = {
  createJoinToken: fleetRoute('createJoinToken', {
    method: 'POST',
    path: '/join-tokens',
    summary: 'Creates a join token, which is shown this once',
    body: v.optional(newJoinToken),
    answer: answerOf(createdJoinToken, { status: 201 }),
    take: ({ body }) => [body],
    give: (options) => ({ body: options }),
  }),
  listJoinTokens: fleetRoute('listJoinTokens', {
    method: 'GET',
    path: '/join-tokens',
    summary: 'Lists the join tokens, the oldest first',
    answer: answerWith('joinTokens', v.array(shownJoinToken)),
    take: () => [],
    give: () => ({}),
  }),
  revokeJoinToken: fleetRoute('revokeJoinToken', {
    method: 'POST',
    path: '/join-tokens/{joinTokenId}/revoke',
    summary: 'Revokes a join token',
    body: v.optional(v.strictObject({ reason: v.optional(text) })),
    answer: answerOf(shownJoinToken),
    take: ({ params, body }) => [params.joinTokenId, body?.reason],
    give: (joinTokenId, reason) => ({ params: { joinTokenId }, body: { reason } }),
  }),
};
