import { formatLogLine } from '@serve.zone/baseos-command-line';
import type { LogLevel } from '@serve.zone/baseos-contracts';
import type { Logger } from '@serve.zone/baseos-runner-core';

/** How many lines are kept: a day of debug lines must not displace yesterday's warning. */
const linesMax = { told: 200, debug: 100 };

const LINE_MAX_LENGTH = 4096;

/** So many debug lines together make a new text: it is written again whenever it is new. */
const DEBUG_LINES_AT_ONCE = 10;

interface Line {
  order: number;
  text: string;
}

/** The newest log lines as JSON, whatever the level of the log: for finding out what happened. */
export class RecentLog {
  readonly #lines: Record<keyof typeof linesMax, Line[]> = { told: [], debug: [] };
  #count = 0;
  #text: { text: string; debugLinesSince: number } | undefined;

  /** The lines in order. The newest debug lines may be missing, until there are ten or another line follows them. */
  get text(): string {
    this.#text ??= { text: this.#compose(), debugLinesSince: 0 };
    return this.#text.text;
  }

  /** The same logger; this keeps the newest of its messages. */
  beside(logger: Logger): Logger {
    const both =
      (level: LogLevel): Logger[LogLevel] =>
      (message, fields) => {
        logger[level](message, fields);
        this.#keep(level, message, fields);
      };
    return {
      error: both('error'),
      warn: both('warn'),
      info: both('info'),
      debug: both('debug'),
      setLevel: (level) => logger.setLevel(level),
    };
  }

  #compose(): string {
    const { told, debug } = this.#lines;
    const ordered = [...told, ...debug].toSorted((one, other) => one.order - other.order);
    return ordered.map(({ text }) => text).join('');
  }

  #keep(...[level, message, fields]: [LogLevel, ...Parameters<Logger[LogLevel]>]): void {
    const kind = level === 'debug' ? 'debug' : 'told';
    const lines = this.#lines[kind];
    lines.push({ order: (this.#count += 1), text: lineOf({ level, message, fields }) });
    if (lines.length > linesMax[kind]) lines.shift();
    if (!this.#text) return;
    this.#text.debugLinesSince += 1;
    if (kind === 'told' || this.#text.debugLinesSince === DEBUG_LINES_AT_ONCE) this.#text = undefined;
  }
}

/** Without its fields a line is short enough, unless it is the message that is long. */
function lineOf(entry: { level: LogLevel; message: string; fields: Parameters<Logger[LogLevel]>[1] }): string {
  const time = new Date().toISOString();
  const line = `${formatLogLine('json', { time, ...entry })}\n`;
  if (line.length <= LINE_MAX_LENGTH) return line;
  const message = entry.message.slice(0, LINE_MAX_LENGTH / 2);
  return `${formatLogLine('json', { time, level: entry.level, message })}\n`;
}
