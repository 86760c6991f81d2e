import type { LogLevel } from '@serve.zone/baseos-contracts';
import type { Logger } from '@serve.zone/baseos-runner-core';
import { createConsoleLogger } from './console-logger.js';

/** How many lines are kept: a day of debug lines must not displace yesterday's warning. */
const linesMax = { told: 200, debug: 100 };

const LINE_MAX_LENGTH = 4096;

interface Line {
  order: number;
  text: string;
}

/** The newest log lines as JSON, whatever the level of the log: for finding out what happened. */
export class RecentLog {
  readonly #lines: Record<keyof typeof linesMax, Line[]> = { told: [], debug: [] };
  readonly #formatter: Logger;
  #count = 0;

  constructor() {
    const stream = { write: (text: string) => this.#keep(text) };
    this.#formatter = createConsoleLogger({ stream, format: 'json', level: 'debug' });
  }

  /** The lines in order. */
  get text(): string {
    const { told, debug } = this.#lines;
    const ordered = [...told, ...debug].toSorted((one, other) => one.order - other.order);
    return ordered.map(({ text }) => text).join('');
  }

  /** The same logger; this keeps the newest of its messages. */
  beside(logger: Logger): Logger {
    const both =
      (level: LogLevel): Logger[LogLevel] =>
      (message, fields) => {
        logger[level](message, fields);
        this.#formatter[level](message, fields);
      };
    return {
      error: both('error'),
      warn: both('warn'),
      info: both('info'),
      debug: both('debug'),
      setLevel: (level) => logger.setLevel(level),
    };
  }

  #keep(line: string): void {
    const { fields: _, ...entry } = JSON.parse(line) as { level: string; message: string; fields?: unknown };
    const isDebug = entry.level === 'debug';
    // Without its fields it is short enough, unless it is the message that is long.
    const short = { ...entry, message: entry.message.slice(0, LINE_MAX_LENGTH / 2) };
    const text = line.length > LINE_MAX_LENGTH ? `${JSON.stringify(short)}\n` : line;
    const lines = this.#lines[isDebug ? 'debug' : 'told'];
    lines.push({ order: (this.#count += 1), text });
    if (lines.length > linesMax[isDebug ? 'debug' : 'told']) lines.shift();
  }
}
