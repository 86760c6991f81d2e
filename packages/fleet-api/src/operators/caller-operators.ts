import type { Caller } from '@serve.zone/baseos-cloudly-handlers';
import type { Acceptance, Credentials, Me, Operators, ShownInvitation } from './operators.js';

/** The calls that get the request itself, most of which set or remove a cookie. */
type VisitingCalls = 'signIn' | 'signOut' | 'readInvitation' | 'acceptInvitation';

/** What one caller does as one of the operators, or to them: the calls of `Operators`, without who calls. */
export type CallerOperators = {
  [Name in Exclude<keyof Operators, VisitingCalls>]: Operators[Name] extends (
    caller: Caller,
    ...rest: infer Rest
  ) => infer Result
    ? (...rest: Rest) => Result
    : never;
} & {
  /** The answer sets the cookie of a session; only a browser keeps it. */
  signIn(credentials: Credentials): Promise<Me>;
  readInvitation(invitation: string): Promise<ShownInvitation>;
  acceptInvitation(acceptance: Acceptance): Promise<Me>;
  signOut(): Promise<void>;
};
