/** Where text goes: `process.stdout` and `process.stderr`, or whatever collects it. */
export interface TextStream {
  write(text: string): unknown;
}

/** Whoever tells that the process shall end: `process`, or an EventEmitter of a test. */
export interface SignalSource {
  on(signal: 'SIGTERM' | 'SIGINT', listener: () => void): unknown;
  off(signal: 'SIGTERM' | 'SIGINT', listener: () => void): unknown;
}

/** 0: success. 1: the check or operation failed. 2: usage or configuration. */
export type ExitCode = 0 | 1 | 2;

/** What a command may touch of the world around it. */
export interface CommandContext {
  env: Readonly<Record<string, string | undefined>>;
  /** For a command's result alone. */
  stdout: TextStream;
  /** For logs and errors. */
  stderr: TextStream;
  signals: SignalSource;
}
