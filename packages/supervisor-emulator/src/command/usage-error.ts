/** An error on the command line, or in a file named there. The message says how to correct it. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
