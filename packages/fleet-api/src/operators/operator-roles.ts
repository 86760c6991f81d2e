import type { NeededRole } from '@serve.zone/baseos-cloudly-handlers';
import type { Operators } from './operators.js';

/**
 * What each call needs at least: `anyone` may sign in. Sessions are those of whoever calls, and so are API tokens unless an admin of
 * the whole fleet calls.
 */
export const operatorRoles: Readonly<Record<keyof Operators, NeededRole | 'anyone'>> = {
  me: 'view',
  signIn: 'anyone',
  signOut: 'view',
  changePassword: 'view',
  listSessions: 'view',
  endSession: 'view',
  listOperators: 'unscoped-admin',
  changeOperator: 'unscoped-admin',
  removeOperator: 'unscoped-admin',
  invite: 'unscoped-admin',
  offerNewPassword: 'unscoped-admin',
  listInvitations: 'unscoped-admin',
  revokeInvitation: 'unscoped-admin',
  readInvitation: 'anyone',
  acceptInvitation: 'anyone',
  createApiToken: 'view',
  listApiTokens: 'view',
  revokeApiToken: 'view',
};
