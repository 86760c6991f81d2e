import type { Explanation, Problem } from '../values/problem.js';

/** The values in the message of a problem with the run directory. */
export interface RunPlace {
  /** The path that is in the way. */
  path: string;
  /** Where a symbolic link leads to, and the part of that path that is missing. */
  target: string;
  part: string;
  /** The owner of what is there, and the user of this process. */
  owner: string;
  user: string;
  /** What the system said, or what is there instead of a directory. */
  reason: string;
}

const ownDirectory = "Set BASEOS_RUN_PATH to a directory of the agent's own.";

/** What can prevent the use of the run directory, in words for the operator of the device. */
export const runDirectoryProblems = {
  'run-path-link-loop': ({ path }) => ({
    message: `The symbolic link ${path} leads back to itself.`,
    remedy: 'Remove it, or correct BASEOS_RUN_PATH.',
  }),
  'run-path-link-dangling': ({ path, target, part }) => ({
    message: `The symbolic link ${path} leads to ${target}, and ${part} is missing.`,
    remedy: 'Mount or create what it leads to, or remove the link.',
  }),
  'run-path-not-a-directory': ({ path, reason }) => ({
    message: `${path} is ${reason}, not a directory.`,
    remedy: 'Remove it, or correct BASEOS_RUN_PATH.',
  }),
  'run-path-of-another-user': ({ path, owner, user }) => ({
    message: `${path} belongs to user ${owner}, not to this one (${user}).`,
    remedy: ownDirectory,
  }),
  'run-path-leads-to-another-user': ({ path, owner, user }) => ({
    message: `${path} leads to a directory of user ${owner}, not of this one (${user}).`,
    remedy: ownDirectory,
  }),
  'run-path-unusable': ({ path, reason }) => ({
    message: `${path} cannot be written: ${reason}.`,
    remedy: 'Give the service a writable /run/baseos (a tmpfs), or set BASEOS_RUN_PATH to a directory of its own.',
  }),
} as const satisfies Readonly<Record<string, (place: Readonly<RunPlace>) => Explanation>>;

export type RunDirectoryProblemCode = keyof typeof runDirectoryProblems;

/** Why the run directory cannot be used. */
export interface RunDirectoryProblem extends Problem {
  code: RunDirectoryProblemCode;
}

export function runDirectoryProblem(
  code: RunDirectoryProblemCode,
  place: Readonly<Partial<RunPlace> & Pick<RunPlace, 'path'>>,
): RunDirectoryProblem {
  const unknown = { target: '', part: '', owner: 'unknown', user: 'unknown', reason: 'unknown reason' };
  return { code, ...runDirectoryProblems[code]({ ...unknown, ...place }) };
}
