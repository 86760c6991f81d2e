import type { FromEnvOptions } from '@serve.zone/baseos-runner-core';
import type { TextStream } from '@serve.zone/baseos-command-line';

/** What ends `start` in order: service managers and people send these, and a terminal does when it is closed. */
export type EndingSignal = 'SIGTERM' | 'SIGINT' | 'SIGHUP' | 'SIGQUIT';

/** Whoever tells that the process shall end: `process`, or an EventEmitter of a test. */
export interface SignalSource {
  on(signal: EndingSignal, listener: () => void): unknown;
  off(signal: EndingSignal, listener: () => void): unknown;
}

/** A log that never holds who writes to it. */
export interface LogStream extends TextStream {
  /** Sets who is told, once there is room again, how many lines were left out. */
  onGap(listener: (lines: number) => void): void;
}

/** What a command may touch of the world around it. */
export interface CommandContext {
  env: Readonly<Record<string, string | undefined>>;
  /** For a command's result alone. */
  stdout: TextStream;
  /** For logs and errors. */
  stderr: TextStream;
  /** For the agent's log. @default stderr */
  log?: LogStream | undefined;
  signals: SignalSource;
  /** Makes what ends this process if the agent hangs; it may do so only where the process is the CLI's own. */
  watchdog?: FromEnvOptions['watchdog'];
}
