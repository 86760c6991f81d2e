import type { AccountStore } from '@serve.zone/baseos-cloudly-handlers';
import type { By, Decision } from '../decisions/by.js';
import { withLapses } from '../decisions/lapses.js';

export interface AccountsContext {
  store: AccountStore;
  now: () => number;
}

/** Carries a decision out, and removes what has lapsed. */
export function decide<Result>({ store, now }: AccountsContext, decision: Decision<Result>): Promise<Result> {
  const nowMs = now();
  return store.change((accounts) => withLapses(decision(accounts), accounts, nowMs));
}

export function byOf({ actor }: Pick<By, 'actor'>, { now }: AccountsContext): By {
  return { actor, nowMs: now() };
}
