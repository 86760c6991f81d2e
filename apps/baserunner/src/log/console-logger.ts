import { escapeControls } from '@serve.zone/baseos-command-line';
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
 * BaseRunner's Logger for a terminal or a log collector: one line a message, whatever is in it. A Secret among the fields
 * shows as `[redacted]`.
 */
export function createConsoleLogger(options: ConsoleLoggerOptions): Logger {
  const { stream, format = 'pretty', level = 'info' } = options;
  const formatLine = lineFormats[format];
  const consola: ConsolaInstance = createConsola({
    level: consolaLevels[level],
    // Every line is written when it happens; consola would hold back repeated ones.
    throttle: 0,
    reporters: [{ log: (entry) => void stream.write(`${formatLine(toLine(entry))}\n`) }],
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

interface Line {
  time: string;
  level: string;
  message: string;
  fields: Readonly<Record<string, unknown>>;
}

const consolaLevels = { error: 0, warn: 1, info: 3, debug: 4 } as const satisfies Record<LogLevel, number>;

function toLine({ date, type, args }: LogObject): Line {
  const [message, fields] = args as [string, Line['fields'] | undefined];
  return { time: date.toISOString(), level: type, message, fields: fields ?? {} };
}

const lineFormats: Record<RunnerConfig['logFormat'], (line: Line) => string> = {
  json: ({ fields, ...line }) => {
    const members = [toJson(line).slice(1, -1)];
    if (Object.keys(fields).length > 0) members.push(`"fields":${toJson(fields)}`);
    return `{${members.join(',')}}`;
  },
  pretty: ({ time, level, message, fields }) => {
    const pairs = Object.entries(fields)
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => ` ${escapeControls(key)}=${typeof value === 'string' ? word(value) : toJson(value)}`);
    return `${time} ${level.padEnd(5)} ${escapeControls(message)}${pairs.join('')}`;
  },
};

/** A string as it is where it is one word, quoted otherwise. */
function word(value: string): string {
  return /^[^\s"=]+$/.test(value) ? escapeControls(value) : toJson(value);
}

function toJson(value: unknown): string {
  try {
    return escapeControls(JSON.stringify(value, replaceUnwritable) ?? 'null');
  } catch {
    return '"[not writable as JSON]"';
  }
}

/** An error loses its cause and whatever else hangs on it: only its own words are for the log. */
function replaceUnwritable(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return String(value);
  if (value instanceof Error) {
    return { name: value.name, message: value.message, ...('code' in value ? { code: value.code } : {}) };
  }
  return value;
}
