import * as v from 'valibot';
import { answerDone, answerOf, answerWith } from '../route/answer.js';
import { me, shownSession } from '../schemas/operator-schemas.js';
import { text } from '../schemas/parts.js';
import { operatorRoute } from './operator-route.js';

/** What people do to sign in and out, and with their passwords. */
export const sessionRoutes = {
  me: operatorRoute('me', {
    method: 'GET',
    path: '/me',
    summary: 'Shows who calls, and what they may do',
    answer: answerOf(me),
    take: () => [],
    give: () => ({}),
  }),
  signIn: operatorRoute('signIn', {
    method: 'POST',
    path: '/session',
    summary: 'Signs an operator in: the answer sets the cookie of a session',
    body: v.strictObject({ name: text, password: text }),
    answer: answerOf(me, { status: 201 }),
    take: ({ body }) => [body],
    give: (body) => ({ body }),
  }),
  signOut: operatorRoute('signOut', {
    method: 'DELETE',
    path: '/session',
    summary: 'Ends the session that calls',
    answer: answerDone,
    take: () => [],
    give: () => ({}),
  }),
  changePassword: operatorRoute('changePassword', {
    method: 'PUT',
    path: '/me/password',
    summary: 'Sets a new password, and ends all other sessions of whoever calls',
    body: v.strictObject({ currentPassword: text, newPassword: text }),
    answer: answerDone,
    take: ({ body }) => [body],
    give: (body) => ({ body }),
  }),
  listSessions: operatorRoute('listSessions', {
    method: 'GET',
    path: '/sessions',
    summary: 'Lists the sessions of whoever calls',
    answer: answerWith('sessions', v.array(shownSession)),
    take: () => [],
    give: () => ({}),
  }),
  endSession: operatorRoute('endSession', {
    method: 'DELETE',
    path: '/sessions/{sessionId}',
    summary: 'Ends a session of whoever calls',
    answer: answerDone,
    take: ({ params }) => [params.sessionId],
    give: (sessionId) => ({ params: { sessionId } }),
  }),
};
