import type { TextStream } from '@serve.zone/baseos-command-line';

/** What a command may touch of the world around it. */
export interface CommandContext {
  /** How a user calls this program, for hints that can be copied. */
  program: string;
  /** For a command's result alone. */
  stdout: TextStream;
  /** For notes, events and errors. */
  stderr: TextStream;
  /** Settings that do not stand on the command line. */
  env: Readonly<Record<string, string | undefined>>;
  /**
   * For a command that runs on: from now on the first signal that asks the program to end aborts this, and the command ends
   * in order. Every other command is ended by such a signal at once.
   */
  trapSignals: () => AbortSignal;
  /** Makes a long-running command reload its files at SIGHUP; without it, SIGHUP stops the command in an orderly way. */
  onHangup: (listener: () => void) => void;
  /** Has a command tell of the runtime's own warnings, which else break into its log. */
  onWarning: (listener: (warning: Error) => void) => void;
}

/** The command line is fine, but what it asks for cannot be done; the message says why and what to do. */
export class OperationError extends Error {
  override readonly name = 'OperationError';
}
