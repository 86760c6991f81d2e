import type { JudgedProblem } from '../messages/problem.js';

/** The problem of a request in which `path` (empty for the body) has more than `maxBytes`. */
export function tooLarge(path: string, maxBytes: number): JudgedProblem {
  return {
    code: 'payload-too-large',
    detail: `At most ${maxBytes} bytes are accepted.`,
    issues: [{ path, rule: 'max-bytes' }],
  };
}
