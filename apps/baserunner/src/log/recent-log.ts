import { formatLogLine } from '@serve.zone/baseos-command-line';
import type { LogLevel } from '@serve.zone/baseos-contracts';
import type { Logger } from '@serve.zone/baseos-runner-core';

/** How many lines are kept: a day of debug lines must not displace yesterday's warning. */
const linesMax = { told: 200, debug: 100 };

const LINE_MAX_LENGTH = 4096;

interface Line {
  kind: keyof typeof linesMax;
  text: string;
}

/** The newest log lines as JSON, whatever the level of the log: for finding out what happened. */
export class RecentLog {
  /** In order. */
  readonly #lines: Line[] = [];
  readonly #counts = { told: 0, debug: 0 };
  #text: string | undefined;

  /** The lines in order. */
  get text(): string {
    this.#text ??= this.#lines.map(({ text }) => text).join('');
    return this.#text;
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

  #keep(...[level, message, fields]: [LogLevel, ...Parameters<Logger[LogLevel]>]): void {
    const kind = level === 'debug' ? 'debug' : 'told';
    this.#text = undefined;
    this.#lines.push({ kind, text: lineOf({ level, message, fields }) });
    if (this.#counts[kind] < linesMax[kind]) this.#counts[kind] += 1;
    else
      this.#lines.splice(
        this.#lines.findIndex((line) => line.kind === kind),
        1,
      );
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
