import type { FromEnvOptions } from '@serve.zone/baseos-runner-core';
import type { TextStream } from '@serve.zone/baseos-command-line';

/** Stops `start` in an orderly way: sent by service managers, by people, and by a terminal that is closed. */
export type EndingSignal = 'SIGTERM' | 'SIGINT' | 'SIGHUP' | 'SIGQUIT';

/** Emits the signals to end: `process`, or an EventEmitter in a test. */
export interface SignalSource {
  on(signal: EndingSignal, listener: () => void): unknown;
  off(signal: EndingSignal, listener: () => void): unknown;
}

/** A log that never blocks its writer. */
export interface LogStream extends TextStream {
  /** Sets the listener that is called with the number of dropped lines once there is room again. */
  onGap(listener: (lines: number) => void): void;
}

/** The parts of its environment that a command may use. */
export interface CommandContext {
  env: Readonly<Record<string, string | undefined>>;
  /** For a command's result only. */
  stdout: TextStream;
  /** For logs and errors. */
  stderr: TextStream;
  /** For the agent's log. @default stderr */
  log?: LogStream | undefined;
  signals: SignalSource;
  /** Creates what ends this process if the agent hangs; only if the process belongs to the CLI. */
  watchdog?: FromEnvOptions['watchdog'];
}
