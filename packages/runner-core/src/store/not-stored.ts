import type { Problem } from '../values/problem.js';

/** That the identity cannot be stored, and why; the code stays that of the reason. */
export function notStored({ code, message, remedy }: Readonly<Problem>): Problem {
  return { code, message: `The identity cannot be stored: ${message}`, remedy };
}
