import { escapeControls } from './escape-controls.js';

export const logFormats = ['pretty', 'json'] as const;

/** `pretty`: time, level and message, with fields as `key=value`; `json`: one object a line. */
export type LogFormat = (typeof logFormats)[number];

export interface LogLine {
  /** As RFC 3339 has it. */
  time: string;
  level: string;
  /** What happened, for programs; only JSON shows it. */
  event?: string | undefined;
  /** The message for a person. */
  message: string;
  fields?: Readonly<Record<string, unknown>> | undefined;
}

/** One line of a log, without its end. Nothing in it can break the line or reach a terminal. */
export function formatLogLine(format: LogFormat, line: LogLine): string {
  return format === 'json' ? asJson(line) : asText(line);
}

function asJson({ fields = {}, ...line }: LogLine): string {
  const members = [toJson(line).slice(1, -1)];
  if (Object.keys(fields).length > 0) members.push(`"fields":${toJson(fields)}`);
  return `{${members.join(',')}}`;
}

function asText({ time, level, message, fields = {} }: LogLine): string {
  const pairs = Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${escapeControls(key)}=${typeof value === 'string' ? word(value) : toJson(value)}`);
  return `${time} ${level.padEnd(5)} ${escapeControls(message)}${pairs.join('')}`;
}

/** A string unchanged if it is one word, otherwise quoted. */
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

/** An error loses its cause and its other members: only its own message goes into the log. */
function replaceUnwritable(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return String(value);
  if (value instanceof Error) {
    return { name: value.name, message: value.message, ...('code' in value ? { code: value.code } : {}) };
  }
  return value;
}
