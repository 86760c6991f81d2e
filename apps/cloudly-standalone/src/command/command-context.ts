import type { TextStream } from '@serve.zone/baseos-command-line';
import type { Terminal } from '../terminal/terminal.js';

/** The parts of its environment that a command may use. */
export interface CommandContext {
  /** How a user calls this program, for hints that can be copied. */
  program: string;
  /** The words that start it from any folder. */
  startWords: readonly string[];
  /** For a command's result only. */
  stdout: TextStream;
  /** For notes, events and errors. */
  stderr: TextStream;
  /** The person who runs it. */
  terminal: Terminal;
  /** Settings that are not on the command line. */
  env: Readonly<Record<string, string | undefined>>;
  /**
   * For a long-running command: from now on, the first signal that asks the program to end aborts this, and the command
   * ends in an orderly way. Such a signal ends every other command at once.
   */
  trapSignals: () => AbortSignal;
  /** Makes a long-running command reload its files at SIGHUP; without it, SIGHUP stops the command in an orderly way. */
  onHangup: (listener: () => void) => void;
  /** Lets a command report the runtime's own warnings, which would otherwise interrupt its log. */
  onWarning: (listener: (warning: Error) => void) => void;
}

/** The command line is valid, but the operation cannot be done; the message says why and what to do. */
export class OperationError extends Error {
  override readonly name = 'OperationError';
}
