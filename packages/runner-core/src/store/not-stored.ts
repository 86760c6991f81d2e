import type { Explanation } from '../values/problem.js';

/** That the identity cannot be stored, and why. */
export function notStored({ message, remedy }: Readonly<Explanation>): Explanation {
  return { message: `The identity cannot be stored: ${message}`, remedy };
}
