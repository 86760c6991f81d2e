import type { Explanation, Problem } from '../values/problem.js';

/** The values in the message of a refused reset. */
export interface ResetPlace {
  /** The state directory. */
  directory: string;
  /** The state file and its copy. */
  files: string;
  /** The socket of the lock, which this user may not open. */
  lock: string;
}

/** What keeps an identity from being reset: an agent could use it. Nothing was changed. */
export const resetRefusals = {
  'agent-running': ({ directory }) => ({
    message: `An agent runs on ${directory} and would store its identity again. Nothing was changed.`,
    remedy: 'Stop the agent first.',
  }),
  'lock-denied': ({ directory, lock }) => ({
    message: `It is not known whether an agent runs on ${directory}: this user is not allowed to open its lock ${lock}. Nothing was changed.`,
    remedy: 'Stop the agent first, or run this command as root.',
  }),
  'lock-not-held': ({ directory, files }) => ({
    message: `${directory} can hold no lock, so it is not known whether an agent runs on it. Nothing was changed.`,
    remedy: `Make sure that no agent runs, and move ${files} elsewhere by hand.`,
  }),
} as const satisfies Readonly<Record<string, (place: Readonly<ResetPlace>) => Explanation>>;

export type ResetRefusalCode = keyof typeof resetRefusals;

export function resetRefusal(code: ResetRefusalCode, place: Readonly<ResetPlace>): Problem {
  return { code, ...resetRefusals[code](place) };
}
