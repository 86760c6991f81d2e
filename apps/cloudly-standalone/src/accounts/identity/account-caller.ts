import type { Caller } from '@serve.zone/baseos-cloudly-handlers';

/** Whoever calls, and what has shown who they are. */
export interface AccountCaller extends Caller {
  credential: Credential;
}

export type Credential = SessionCredential | ApiTokenCredential;

/** An operator who has signed in. */
export interface SessionCredential {
  kind: 'session';
  sessionId: string;
  operatorId: string;
  name: string;
  expiresAtMs: number;
}

/** A program. */
export interface ApiTokenCredential {
  kind: 'api-token';
  apiTokenId: string;
  name: string;
  /** The operator without whom it ends. */
  operatorId?: string | undefined;
  expiresAtMs?: number | undefined;
}

/** `undefined` for somebody at the command line, or a user of the host. */
export function credentialOf(caller: Caller): Credential | undefined {
  return 'credential' in caller ? (caller as AccountCaller).credential : undefined;
}
