import * as v from 'valibot';
import { answerOf, answerWith } from '../route/answer.js';
import { createdApiToken, rights, shownApiToken } from '../schemas/operator-schemas.js';
import { text, wholeNumber } from '../schemas/parts.js';
import { operatorRoute } from './operator-route.js';

/** What operators do with the tokens of their programs. */
export const apiTokenRoutes = {
  createApiToken: operatorRoute('createApiToken', {
    method: 'POST',
    path: '/tokens',
    summary: 'Creates an API token, with at most the rights of whoever calls; it is shown this once',
    body: v.strictObject({ name: text, ...rights, expiresInMs: v.optional(wholeNumber) }),
    answer: answerOf(createdApiToken, { status: 201 }),
    take: ({ body }) => [body],
    give: (body) => ({ body }),
  }),
  listApiTokens: operatorRoute('listApiTokens', {
    method: 'GET',
    path: '/tokens',
    summary: 'Lists the API tokens of whoever calls; for an admin of the whole fleet, all',
    answer: answerWith('tokens', v.array(shownApiToken)),
    take: () => [],
    give: () => ({}),
  }),
  revokeApiToken: operatorRoute('revokeApiToken', {
    method: 'POST',
    path: '/tokens/{apiTokenId}/revoke',
    summary: 'Revokes an API token, and those that were created with it',
    body: v.optional(v.strictObject({ reason: v.optional(text) })),
    answer: answerOf(shownApiToken),
    take: ({ params, body }) => [params.apiTokenId, body?.reason],
    give: (apiTokenId, reason) => ({ params: { apiTokenId }, body: reason === undefined ? undefined : { reason } }),
  }),
};
