import type {
  ApiTokenRecord,
  Caller,
  InvitationRecord,
  OperatorRecord,
  Rights,
  SessionRecord,
} from '@serve.zone/baseos-cloudly-handlers';

/**
 * Who may call, for a server that has its own operators. Every call but those of strangers says first who calls, as
 * `authenticate` gave it. Each rejects with a `FleetError` if it is not allowed, or cannot be carried out.
 */
export interface Operators {
  /** Whoever calls, and what they may do. */
  me(caller: Caller): Promise<Me>;
  signIn(credentials: Credentials, visit: Visit): Promise<SignedIn>;
  /** Ends the session that calls. */
  signOut(caller: Caller, visit: Visit): Promise<SignedOut>;
  /** Ends all other sessions of whoever calls. */
  changePassword(caller: Caller, change: PasswordChange): Promise<void>;
  /** Those of whoever calls, the oldest first. */
  listSessions(caller: Caller): Promise<ShownSession[]>;
  /** Ends one of their sessions. */
  endSession(caller: Caller, sessionId: string): Promise<void>;

  /** By name. */
  listOperators(caller: Caller): Promise<ShownOperator[]>;
  /** Gives an operator another role or scope, at once. */
  changeOperator(caller: Caller, name: string, rights: Rights): Promise<ShownOperator>;
  /** Ends the sessions, API tokens and invitations of an operator, too. */
  removeOperator(caller: Caller, name: string): Promise<void>;

  /** Whoever has the link becomes an operator. Inviting the same name again voids the link of before. */
  invite(caller: Caller, invitation: NewInvitation): Promise<OfferedInvitation>;
  /** Whoever has the link sets a new password for an operator. */
  offerNewPassword(caller: Caller, name: string, options?: InvitationOptions): Promise<OfferedInvitation>;
  /** The oldest first. */
  listInvitations(caller: Caller): Promise<ShownInvitation[]>;
  revokeInvitation(caller: Caller, invitationId: string): Promise<void>;
  /** What an invitation offers, for whoever has the link; it is not used up. */
  readInvitation(invitation: string, visit: Visit): Promise<ShownInvitation>;
  /** Uses an invitation up, and signs in. */
  acceptInvitation(acceptance: Acceptance, visit: Visit): Promise<SignedIn>;

  /** It has at most the rights of whoever calls, and ends with them. */
  createApiToken(caller: Caller, apiToken: NewApiToken): Promise<{ token: string; record: ShownApiToken }>;
  /** Those of whoever calls, the oldest first; for an admin of the whole fleet, all. */
  listApiTokens(caller: Caller): Promise<ShownApiToken[]>;
  /** Also revokes those that were created with it. */
  revokeApiToken(caller: Caller, apiTokenId: string, reason?: string): Promise<ShownApiToken>;
}

/** The request of somebody who signs in or out: its address, its origin and its cookies. */
export interface Visit {
  request: Request;
  /** What the server hands over beside it. */
  info: unknown;
}

export interface Credentials {
  name: string;
  password: string;
}

export interface PasswordChange {
  currentPassword: string;
  newPassword: string;
}

export interface Acceptance {
  /** The whole secret, as it is in the link. */
  invitation: string;
  password: string;
  /** For the first operator, who chooses it. */
  name?: string | undefined;
}

export interface SignedIn {
  me: Me;
  /** The value of `set-cookie`. */
  setCookie: string;
}

export interface SignedOut {
  /** The value of `set-cookie`, which removes the cookie. */
  setCookie: string;
}

/** Whoever calls. */
export interface Me extends Rights {
  /** The name of the operator or of the API token; the actor of somebody else, whom the host of the API knows. */
  name: string;
  kind: 'operator' | 'api-token' | 'host';
  /** When the session or token ends at the latest; absent for a token that does not expire. */
  expiresAtMs?: number;
}

export interface InvitationOptions {
  /** @default 3 days */
  expiresInMs?: number | undefined;
}

export interface NewInvitation extends Rights, InvitationOptions {
  name: string;
}

export interface OfferedInvitation {
  /** With the secret in its fragment, which no server sees. It is available only here. */
  link: string;
  record: ShownInvitation;
}

export interface NewApiToken extends Rights {
  name: string;
  /** @default never */
  expiresInMs?: number | undefined;
}

export type ShownOperator = Omit<OperatorRecord, 'id' | 'passwordHash' | 'removedAtMs'>;
export type ShownInvitation = Omit<InvitationRecord, 'hash'>;
export type ShownApiToken = Omit<ApiTokenRecord, 'hash' | 'operatorId'> & {
  /** The operator without whom it ends. */
  operator?: string;
};
export type ShownSession = Omit<SessionRecord, 'hash' | 'operatorId'> & {
  /** It is the one that calls. */
  isCurrent: boolean;
};
