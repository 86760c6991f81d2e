import type { JudgedProblem } from './problem.js';

/** The problem of a request of which `path` (empty for the body) takes more than `maxBytes`. */
export const tooLarge = (path: string, maxBytes: number): JudgedProblem => ({
  code: 'payload-too-large',
  detail: `At most ${maxBytes} bytes are taken.`,
  issues: [{ path, rule: 'max-bytes' }],
});
