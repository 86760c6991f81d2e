import { escapeControls, type TextStream } from '@serve.zone/baseos-command-line';
import type { LogLevel } from '@serve.zone/baseos-contracts';

export const logFormats = ['pretty', 'json'] as const;
export type LogFormat = (typeof logFormats)[number];

/** From the one that says least. */
export const logLevels = ['error', 'warn', 'info', 'debug'] as const satisfies readonly LogLevel[];

export interface LogEntry {
  level: LogLevel;
  /** What happened, for programs: one of few words. */
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
  /** What says more is dropped. */
  level: LogLevel;
  /** Milliseconds since 1970. @default Date.now */
  now?: () => number;
}

/** Writes one line an entry. Nothing that a node sent can break the line or reach the terminal. */
export function createLog({ stream, format, level, now = Date.now }: LogOptions): Log {
  const enabled = new Set(logLevels.slice(0, logLevels.indexOf(level) + 1));
  const write = lineFormats[format];
  return (entry) => {
    if (!enabled.has(entry.level)) return;
    stream.write(`${escapeControls(write(entry, new Date(now()).toISOString()))}\n`);
  };
}

const lineFormats: Readonly<Record<LogFormat, (entry: LogEntry, time: string) => string>> = {
  pretty: ({ level, message }, time) => `${time} ${level.padEnd(5)} ${message}`,
  json: ({ level, event, message, fields }, time) => JSON.stringify({ time, level, event, message, fields }),
};
