/** What was asked for on the command line, or in a file it names, cannot be; the message says what to do. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
