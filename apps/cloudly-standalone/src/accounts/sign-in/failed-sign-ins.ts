import type { AccountStore } from '@serve.zone/baseos-cloudly-handlers';
import { told } from '../decisions/by.js';

/** Counts failed attempts to sign in, and tells them once a minute rather than one by one: guesses do not fill the audit. */
export interface FailedSignIns {
  /** @param name of an operator; `undefined` for a name that nobody has */
  count(this: void, name: string | undefined): void;
  /** Tells what was counted at least a minute ago. */
  tellDue(this: void): Promise<void>;
  /** Tells whatever was counted. */
  tellAll(this: void): Promise<void>;
}

interface Counted {
  count: number;
  sinceMs: number;
}

const TOLD_EVERY_MS = 60_000;

export function createFailedSignIns(store: Pick<AccountStore, 'change'>, now: () => number): FailedSignIns {
  const counted = new Map<string | undefined, Counted>();

  const tell = async (isDue: (counted: Counted) => boolean): Promise<void> => {
    const due = [...counted].filter(([, each]) => isDue(each));
    if (due.length === 0) return;
    for (const [name] of due) counted.delete(name);
    const by = { actor: 'anonymous', nowMs: now() } as const;
    const events = due.map(([name, { count, sinceMs }]) =>
      told(by, { kind: 'sign-in-failed', details: { ...(name !== undefined && { name }), count, sinceMs } }),
    );
    await store.change(() => ({ result: undefined, events }));
  };

  return {
    count(name) {
      const before = counted.get(name) ?? { count: 0, sinceMs: now() };
      counted.set(name, { ...before, count: before.count + 1 });
    },
    tellDue: () => tell(({ sinceMs }) => now() - sinceMs >= TOLD_EVERY_MS),
    tellAll: () => tell(() => true),
  };
}
