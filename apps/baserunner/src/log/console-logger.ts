import { formatLogLine, type LogLine } from '@serve.zone/baseos-command-line';
import type { LogLevel } from '@serve.zone/baseos-contracts';
import type { Logger, RunnerConfig } from '@serve.zone/baseos-runner-core';

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
  let shown = ranks[level];
  const writer =
    (of: LogLevel): Logger[LogLevel] =>
    (message, fields: LogLine['fields']) => {
      if (ranks[of] > shown) return;
      stream.write(`${formatLogLine(format, { time: new Date().toISOString(), level: of, message, fields })}\n`);
    };
  return {
    error: writer('error'),
    warn: writer('warn'),
    info: writer('info'),
    debug: writer('debug'),
    setLevel: (newLevel) => {
      shown = ranks[newLevel];
    },
  };
}

const ranks = { error: 0, warn: 1, info: 2, debug: 3 } as const satisfies Record<LogLevel, number>;
