import { formatLogLine, type LogLine } from '@serve.zone/baseos-command-line';
import type { LogLevel } from '@serve.zone/baseos-contracts';
import type { Logger, RunnerConfig } from '@serve.zone/baseos-runner-core';
import { type ConsolaInstance, createConsola, type LogObject } from 'consola/core';

export interface ConsoleLoggerOptions {
  /** Where each line is written, line break included. */
  stream: { write(text: string): unknown };
  /** `pretty`: time, level, message and `key=value` pairs; `json`: one object a line. @default 'pretty' */
  format?: RunnerConfig['logFormat'] | undefined;
  /** @default 'info' */
  level?: LogLevel | undefined;
}

/**
 * BaseRunner's Logger for a terminal or a log collector: one line for each message, whatever it contains. A Secret among the
 * fields is shown as `[redacted]`.
 */
export function createConsoleLogger(options: ConsoleLoggerOptions): Logger {
  const { stream, format = 'pretty', level = 'info' } = options;
  const consola: ConsolaInstance = createConsola({
    level: consolaLevels[level],
    // Every line is written when it happens; consola would hold back repeated ones.
    throttle: 0,
    reporters: [{ log: (entry) => void stream.write(`${formatLogLine(format, toLine(entry))}\n`) }],
  });
  return {
    error: (message, fields) => consola.error(message, fields),
    warn: (message, fields) => consola.warn(message, fields),
    info: (message, fields) => consola.info(message, fields),
    debug: (message, fields) => consola.debug(message, fields),
    setLevel: (newLevel) => {
      consola.level = consolaLevels[newLevel];
    },
  };
}

const consolaLevels = { error: 0, warn: 1, info: 3, debug: 4 } as const satisfies Record<LogLevel, number>;

function toLine({ date, type, args }: LogObject): LogLine {
  const [message, fields] = args as [string, LogLine['fields']];
  return { time: date.toISOString(), level: type, message, fields };
}
