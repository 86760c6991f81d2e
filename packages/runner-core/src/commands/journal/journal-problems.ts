import type { Problem } from '../../values/problem.js';

/** The values in the message of a problem with the record of commands. */
export interface JournalPlace {
  /** Why a file cannot be used, in a sentence that names it. */
  reason: string;
  /** What to do about that file, in sentences. */
  first: string;
}

const interrupted =
  'Commands that Cloudly lists next end as interrupted, because it is not known whether they were begun.';

function check(first: string): string {
  const begin = first === '' ? 'Check' : `${first} Then check`;
  return `${begin} each interrupted command in Cloudly, and queue it again if it is needed.`;
}

/** What can be wrong with the record of commands, in words for the operator of the device. */
export const journalProblems = {
  'journal-from-copy': ({ reason, first }) => ({
    message: `The record of commands was read from its copy. ${reason} ${interrupted}`,
    remedy: check(first),
  }),
  'journal-lost': ({ reason, first }) => ({
    message: `The record of commands is lost. ${reason} ${interrupted}`,
    remedy: check(first),
  }),
  'journal-newer': ({ reason, first }) => ({
    message: `${reason} It is replaced by a new record. ${interrupted}`,
    remedy: check(first),
  }),
  'journal-silent': () => ({
    message: 'The disk does not answer, so the record of commands cannot be stored.',
    remedy: 'Check the disk, and restart the device if that does not help.',
  }),
  'journal-failed': () => ({
    message: 'The record of commands cannot be stored, because the program that keeps it failed.',
    remedy: 'Correct what the program passes as openJournal.',
  }),
} as const satisfies Readonly<Record<string, (place: Readonly<JournalPlace>) => Omit<Problem, 'code'>>>;

export type JournalProblemCode = keyof typeof journalProblems;

export function journalProblem(code: JournalProblemCode, place?: JournalPlace): Problem {
  return { code, ...journalProblems[code](place ?? { reason: '', first: '' }) };
}
