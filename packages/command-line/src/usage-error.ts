/** The command line has a mistake; the message says what is expected. Exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
