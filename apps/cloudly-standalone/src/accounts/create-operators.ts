import type { AccountStore } from '@serve.zone/baseos-cloudly-handlers';
import { apiTokenCalls } from './calls/api-token-calls.js';
import { createAuthenticate } from './sign-in/authenticate.js';
import type { Doors } from './doors/doors.js';
import { type InvitationContext, invitationCalls } from './calls/invitation-calls.js';
import { operatorCalls } from './calls/operator-calls.js';
import type { Operators } from '@serve.zone/baseos-fleet-api';
import { createPasswords, type Passwords } from './passwords/passwords.js';
import { createAttemptLimits } from './sign-in/attempt-limits.js';
import { createFailedSignIns } from './sign-in/failed-sign-ins.js';
import { type SignInContext, signInCalls } from './sign-in/sign-in-calls.js';

export interface OperatorsOptions extends Pick<SignInContext, 'clientAddress'> {
  store: AccountStore;
  doors: Doors;
  /** Where operators reach the server, without a slash at its end. */
  publicUrl: () => string;
  /** Gets what goes wrong beside a request. */
  onError: (error: unknown) => void;
  /** @default createPasswords() */
  passwords?: Passwords | undefined;
  /** @default Date.now */
  now?: (() => number) | undefined;
}

/** The operators of a server, and how their requests are known. */
export interface OwnOperators {
  operators: Operators;
  authenticate: ReturnType<typeof createAuthenticate>;
  /** Tells what has been counted for a while; call it every few seconds. */
  runUpkeep: () => void;
  /** Tells all that was counted. */
  end: () => Promise<void>;
}

/** What somebody does who need not sign in: at a command line, on the store itself. */
export type AccountAdministration = Omit<
  Operators,
  'signIn' | 'signOut' | 'readInvitation' | 'acceptInvitation' | 'changePassword' | 'listSessions' | 'endSession'
>;

export function createAccountAdministration(context: InvitationContext): AccountAdministration {
  return { ...operatorCalls(context), ...invitationCalls(context), ...apiTokenCalls(context) };
}

export function createOperators(options: OperatorsOptions): OwnOperators {
  const { store, doors, now = Date.now, onError, passwords = createPasswords(), publicUrl, clientAddress } = options;
  const failedSignIns = createFailedSignIns(store, now);
  const limits = createAttemptLimits(now);
  return {
    operators: {
      ...createAccountAdministration({ store, now, publicUrl }),
      ...signInCalls({ store, now, doors, passwords, limits, failedSignIns, clientAddress }),
    },
    authenticate: createAuthenticate({ store, doors, now, onError }),
    runUpkeep: () => void failedSignIns.tellDue().catch(onError),
    end: () => failedSignIns.tellAll().catch(onError),
  };
}
