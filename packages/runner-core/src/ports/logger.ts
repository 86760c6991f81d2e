import type { LogLevel } from '@serve.zone/baseos-contracts';

/** Facts beside a message. Secrets come as `Secret` or not at all. */
export type LogFields = Readonly<Record<string, unknown>>;

/** Where BaseRunner writes what happens. A message is a sentence for an operator; the fields are for programs. */
export interface Logger {
  error(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  debug(message: string, fields?: LogFields): void;
  /** From now on messages below this level are dropped. */
  setLevel(level: LogLevel): void;
}

export const silentLogger: Logger = {
  error: () => undefined,
  warn: () => undefined,
  info: () => undefined,
  debug: () => undefined,
  setLevel: () => undefined,
};
