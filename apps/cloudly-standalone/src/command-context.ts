/** What a command may touch of the world around it. */
export interface CommandContext {
  /** How a user calls this program, for hints that can be copied. */
  program: string;
  /** For a command's result alone. */
  stdout: { write(text: string): unknown };
  /** For notes, events and errors. */
  stderr: { write(text: string): unknown };
  /** Ends a command that runs on. */
  signal: AbortSignal;
}

/** 0: success. 1: the operation failed. 2: usage. */
export type ExitCode = 0 | 1 | 2;

/** The command line says something that no command takes; the message says what is expected. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The command line is fine, but what it asks for cannot be done; the message says why and what to do. */
export class OperationError extends Error {
  override readonly name = 'OperationError';
}
