import type { Problem } from '../../values/problem.js';

/** The values in the message of a problem with what decides about commands on the device. */
export interface HookPlace {
  /** Of the hook. */
  path: string;
  /** What the system said, or how it ended. */
  reason: string;
  /** How long was waited, in seconds. */
  seconds: string;
}

const correctProgram = 'Correct what the program passes as onCommand.';

/** Why nothing on the device has decided about a command, which is postponed then, in words for the operator of the device. */
export const hookProblems = {
  'hook-not-executable': ({ path, reason }) => ({
    message: `The hook ${path} (BASEOS_COMMAND_HOOK) cannot be executed: ${reason}.`,
    remedy: 'Make it an executable file that the agent can run, or remove BASEOS_COMMAND_HOOK.',
  }),
  'hook-incomplete': ({ path, reason }) => ({
    message: `The hook ${path} (BASEOS_COMMAND_HOOK) could not run what it needs (${reason}).`,
    remedy:
      'Run the hook by hand in the container: its interpreter or a program that it calls is missing or not executable.',
  }),
  'hook-too-slow': ({ path, seconds }) => ({
    message: `The hook ${path} (BASEOS_COMMAND_HOOK) took longer than ${seconds} s and was killed.`,
    remedy: 'Make it decide sooner. With exit code 75 it is asked again a minute later.',
  }),
  'hook-killed': ({ path, reason }) => ({
    message: `The hook ${path} (BASEOS_COMMAND_HOOK) was ended by ${reason}.`,
    remedy: 'Find out what ended it: a fault of its own, or too little memory, for example.',
  }),
  'decision-late': ({ seconds }) => ({
    message: `The program on the device that decides about commands did not answer within ${seconds} s.`,
    remedy: correctProgram,
  }),
  'decision-unclear': () => ({
    message: 'The program on the device that decides about commands gave no verdict.',
    remedy: correctProgram,
  }),
  'decision-failed': ({ reason }) => ({
    message: `The program on the device that decides about commands failed: ${reason}`,
    remedy: correctProgram,
  }),
} as const satisfies Readonly<Record<string, (place: Readonly<HookPlace>) => Omit<Problem, 'code'>>>;

export type HookProblemCode = keyof typeof hookProblems;

export function hookProblem(code: HookProblemCode, place: Partial<HookPlace> = {}): Problem {
  return { code, ...hookProblems[code]({ path: '', reason: 'unknown reason', seconds: '', ...place }) };
}
