import type { TextStream } from './text-stream.js';

export interface JsonLinesOptions {
  /** The program whose name precedes its own messages; the name is removed. */
  program: string;
  /** The level of lines that are not log entries. */
  level: 'error' | 'warn';
  /** Milliseconds since 1970. @default Date.now */
  now?: (() => number) | undefined;
}

/**
 * A stream on which every line is one JSON object, for a collector of logs that reads nothing else. An entry of a log,
 * which already is one, does not change; any other line becomes the message of one.
 */
export function jsonLines(stream: TextStream, { program, level, now = Date.now }: JsonLinesOptions): TextStream {
  const entryOf = (line: string): string => {
    if (isEntry(line)) return line;
    const message = line.replace(`${program}: `, '').trim();
    return JSON.stringify({ time: new Date(now()).toISOString(), level, message });
  };
  return {
    write: (text) => {
      const lines = text.split('\n').filter((line) => line.trim() !== '');
      return stream.write(lines.map((line) => `${entryOf(line)}\n`).join(''));
    },
  };
}

function isEntry(line: string): boolean {
  if (!line.startsWith('{"time":')) return false;
  try {
    JSON.parse(line);
    return true;
  } catch {
    return false;
  }
}
