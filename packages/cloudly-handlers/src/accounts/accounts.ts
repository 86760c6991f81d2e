import type { Actor } from '../events/actor.js';
import type { Role } from '../roles/role.js';

/** Everybody who may call, and by what. */
export interface Accounts {
  operators: OperatorRecord[];
  invitations: InvitationRecord[];
  apiTokens: ApiTokenRecord[];
  sessions: SessionRecord[];
}

/** What somebody may do, and with which nodes. */
export interface Rights {
  role: Role;
  /** As it was typed, such as `label.site=berlin`; without one, the whole fleet. */
  scope?: string;
}

/** A person. They remain when they are removed, so that nobody else ever has their name. */
export interface OperatorRecord extends Rights {
  id: string;
  name: string;
  /** Salted and hashed, with all that is needed to hash it again. */
  passwordHash: string;
  passwordSetAtMs: number;
  joinedAtMs: number;
  invitedBy: Actor;
  removedAtMs?: number;
}

/** Lets one person set a password, once. */
export interface InvitationRecord {
  id: string;
  /** SHA-256 of the whole secret, in hexadecimal. */
  hash: string;
  createdAtMs: number;
  createdBy: Actor;
  expiresAtMs: number;
  /**
   * - `first`: they become the admin of a fleet without operators, under a name of their choice.
   * - `join`: they become an operator with this name and these rights.
   * - `new-password`: they are the operator with this name.
   */
  offers: { kind: 'first' } | ({ kind: 'join'; name: string } & Rights) | { kind: 'new-password'; name: string };
}

/** Lets a program call. It remains when it is revoked, so that no other token ever has its name. */
export interface ApiTokenRecord extends Rights {
  /** The readable part of the token. */
  id: string;
  /** SHA-256 of the whole token, in hexadecimal. */
  hash: string;
  name: string;
  createdAtMs: number;
  createdBy: Actor;
  /** The operator without whom it ends; absent if somebody at the command line created it. */
  operatorId?: string;
  /** The token that created it, without which it ends. */
  parentTokenId?: string;
  expiresAtMs?: number;
  revokedAtMs?: number;
  /** The reason, for operators. */
  revokedReason?: string;
  lastUsedAtMs?: number;
}

/** An operator who has signed in. */
export interface SessionRecord {
  /** Public; names the session in lists. */
  id: string;
  /** SHA-256 of the secret, in hexadecimal. */
  hash: string;
  operatorId: string;
  createdAtMs: number;
  /** It ends then, however much it is used. */
  expiresAtMs: number;
  /** Where they signed in, and with what, for themselves. */
  address?: string;
  userAgent?: string;
  lastUsedAtMs: number;
}
