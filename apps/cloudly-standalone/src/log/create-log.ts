import { formatLogLine, type LogFormat, type TextStream } from '@serve.zone/baseos-command-line';
import type { LogLevel } from '@serve.zone/baseos-contracts';

/** From the least to the most verbose. */
export const logLevels = ['error', 'warn', 'info', 'debug'] as const satisfies readonly LogLevel[];

export interface LogEntry {
  level: LogLevel;
  /** What happened, for programs: one of a few words. */
  event: string;
  /** The same as a sentence for a person. */
  message: string;
  /** What it was about, for programs. No secrets. */
  fields?: LogFields;
}

export type LogFields = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;

export type Log = (entry: LogEntry) => void;

export interface LogOptions {
  stream: TextStream;
  /** `pretty`: time, level and sentence; `json`: one object a line, as BaseRunner's. */
  format: LogFormat;
  /** More verbose entries are dropped. */
  level: LogLevel;
  /** Milliseconds since 1970. @default Date.now */
  now?: () => number;
}

/** Writes one line for each entry. Nothing that a node sent can break the line or reach the terminal. */
export function createLog({ stream, format, level, now = Date.now }: LogOptions): Log {
  const enabled = new Set(logLevels.slice(0, logLevels.indexOf(level) + 1));
  return ({ level: entryLevel, event, message, fields }) => {
    if (!enabled.has(entryLevel)) return;
    const line = { time: new Date(now()).toISOString(), level: entryLevel, event, message };
    // For a person, the message says it all.
    stream.write(`${formatLogLine(format, format === 'json' ? { ...line, fields } : line)}\n`);
  };
}
