import * as v from 'valibot';
import { answerDone, answerOf, answerWith } from '../route/answer.js';
import { me, offeredInvitation, rights, shownInvitation, shownOperator } from '../schemas/operator-schemas.js';
import { text, wholeNumber } from '../schemas/parts.js';
import { apiTokenRoutes } from './api-token-routes.js';
import { operatorRoute } from './operator-route.js';
import { sessionRoutes } from './session-routes.js';

const expiresInMs = v.optional(wholeNumber);

/** What admins do with operators, and whoever is invited. */
export const operatorRoutes = {
  ...sessionRoutes,
  listOperators: operatorRoute('listOperators', {
    method: 'GET',
    path: '/operators',
    summary: 'Lists the operators',
    answer: answerWith('operators', v.array(shownOperator)),
    take: () => [],
    give: () => ({}),
  }),
  changeOperator: operatorRoute('changeOperator', {
    method: 'PUT',
    path: '/operators/{name}/rights',
    summary: 'Gives an operator another role or scope',
    body: v.strictObject(rights),
    answer: answerOf(shownOperator),
    take: ({ params, body }) => [params.name, body],
    give: (name, body) => ({ params: { name }, body }),
  }),
  removeOperator: operatorRoute('removeOperator', {
    method: 'DELETE',
    path: '/operators/{name}',
    summary: 'Removes an operator, with their sessions, API tokens and invitations',
    answer: answerDone,
    take: ({ params }) => [params.name],
    give: (name) => ({ params: { name } }),
  }),
  offerNewPassword: operatorRoute('offerNewPassword', {
    method: 'POST',
    path: '/operators/{name}/new-password',
    summary: 'Makes a link by which an operator sets a new password',
    body: v.optional(v.strictObject({ expiresInMs })),
    answer: answerOf(offeredInvitation, { status: 201 }),
    take: ({ params, body }) => [params.name, body ?? {}],
    give: (name, options) => ({ params: { name }, body: options }),
  }),
  invite: operatorRoute('invite', {
    method: 'POST',
    path: '/invitations',
    summary: 'Makes a link by which somebody becomes an operator',
    body: v.strictObject({ name: text, ...rights, expiresInMs }),
    answer: answerOf(offeredInvitation, { status: 201 }),
    take: ({ body }) => [body],
    give: (body) => ({ body }),
  }),
  listInvitations: operatorRoute('listInvitations', {
    method: 'GET',
    path: '/invitations',
    summary: 'Lists the invitations that can still be accepted',
    answer: answerWith('invitations', v.array(shownInvitation)),
    take: () => [],
    give: () => ({}),
  }),
  revokeInvitation: operatorRoute('revokeInvitation', {
    method: 'DELETE',
    path: '/invitations/{invitationId}',
    summary: 'Voids an invitation',
    answer: answerDone,
    take: ({ params }) => [params.invitationId],
    give: (invitationId) => ({ params: { invitationId } }),
  }),
  readInvitation: operatorRoute('readInvitation', {
    method: 'POST',
    path: '/invitations/read',
    summary: 'Shows what an invitation offers, without using it up',
    body: v.strictObject({ invitation: text }),
    answer: answerOf(shownInvitation),
    take: ({ body }) => [body.invitation],
    give: (invitation) => ({ body: { invitation } }),
  }),
  acceptInvitation: operatorRoute('acceptInvitation', {
    method: 'POST',
    path: '/invitations/accept',
    summary: 'Uses an invitation up, with a new password, and signs in',
    body: v.strictObject({ invitation: text, password: text, name: v.optional(text) }),
    answer: answerOf(me, { status: 201 }),
    take: ({ body }) => [body],
    give: (body) => ({ body }),
  }),
  ...apiTokenRoutes,
};
