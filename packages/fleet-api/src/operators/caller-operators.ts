import type { Caller } from '@serve.zone/baseos-cloudly-handlers';
import type { Acceptance, Credentials, Me, Operators } from './operators.js';

/** The calls that set or remove a cookie. */
type SigningCalls = 'signIn' | 'signOut' | 'acceptInvitation';

/** What one caller does as one of the operators, or to them: the calls of `Operators`, without who calls. */
export type CallerOperators = {
  [Name in Exclude<keyof Operators, SigningCalls>]: Operators[Name] extends (
    caller: Caller,
    ...rest: infer Rest
  ) => infer Result
    ? (...rest: Rest) => Result
    : never;
} & {
  /** The answer sets the cookie of a session; only a browser keeps it. */
  signIn(credentials: Credentials): Promise<Me>;
  acceptInvitation(acceptance: Acceptance): Promise<Me>;
  signOut(): Promise<void>;
};
