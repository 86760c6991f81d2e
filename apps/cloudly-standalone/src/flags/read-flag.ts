import { isIP } from 'node:net';
import { misleadingUrl } from '@serve.zone/baseos-contracts';
import { UsageError } from '@serve.zone/baseos-command-line';
import { trustedProxies } from '../address/trusted-proxies.js';
import { parseDuration } from '../time/parse-duration.js';

/** The shortest and the longest duration, as users write them. */
export interface DurationBounds {
  min: string;
  max: string;
}

/** @throws UsageError that names the flag, what is expected and what was given. */
export function readDurationMs(flag: string, text: string, bounds: DurationBounds): number {
  const valueMs = parseDuration(text) ?? Number.NaN;
  if (valueMs >= boundMs(bounds.min) && valueMs <= boundMs(bounds.max)) return valueMs;
  throw new UsageError(
    `${flag} must be a duration from ${bounds.min} to ${bounds.max}, such as ${durationExamples(bounds)}, but is "${text}".`,
  );
}

/** Only such as the bounds allow. */
function durationExamples({ min, max }: DurationBounds): string {
  const examples = ['90s', '30m', '24h', '7d'].filter((example) => {
    const exampleMs = boundMs(example);
    return exampleMs >= boundMs(min) && exampleMs <= boundMs(max);
  });
  return new Intl.ListFormat('en-GB', { type: 'disjunction' }).format(examples);
}

/**
 * An address to listen on. An empty one, which Node treats as every address of the machine, results from a variable
 * that is not set.
 *
 * @throws UsageError that names the flag, what is expected and what was given.
 */
export function readHost(flag: string, text: string): string {
  const [, bracketed = ''] = /^\[(.*)\]$/s.exec(text) ?? [];
  const host = isIP(bracketed) === 6 ? bracketed : text;
  if (isIP(host) !== 0 || /^[^\s\p{Cc}:/\\[\]]+$/u.test(host)) return host;
  throw new UsageError(
    `${flag} must be an IP address or a host name, without a port, such as 127.0.0.1 or ::, but is ${JSON.stringify(text)}.`,
  );
}

/**
 * An address for devices that can be used in a line `NAME=value` of a shell, a compose file or a unit file: none of its
 * characters has a special meaning there.
 *
 * @throws UsageError that names the flag, what is expected and what was given.
 */
export function readCloudlyUrl(flag: string, text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isPlain = url && !url.username && !url.password && !url.search && !url.hash;
  const problem = misleadingUrl(text);
  if (isPlain && problem !== undefined) throw new UsageError(`${flag} is misleading: the address ${problem}.`);
  const [special] = (isPlain && /["'`$;&|<>(){}*?!#^]/.exec(text)) || [];
  if (special !== undefined) {
    const code = special.charCodeAt(0).toString(16).toUpperCase();
    throw new UsageError(`${flag} contains ${special}, which has a meaning to a shell. Write it as %${code}.`);
  }
  if (isPlain && (url.protocol === 'https:' || url.protocol === 'http:')) return text.replace(/\/+$/, '');
  throw new UsageError(
    `${flag} must be an address that starts with https:// or http://, without user, query and fragment, such as ` +
      'https://cloudly.example.',
  );
}

/**
 * The path of a file that a command creates. A path with remnants of a shell, a unit file or a script with Windows line
 * ends is also a valid path, but another one: the server would start there with new data.
 *
 * @throws UsageError that names the flag and the remnant.
 */
export function readPath(flag: string, text: string): string {
  const problem = pathSlips.find(([pattern]) => pattern.test(text))?.[1];
  if (problem === undefined) return text;
  throw new UsageError(`${flag} must be a path, but is ${JSON.stringify(text)}, which ${problem}.`);
}

const pathSlips: readonly (readonly [RegExp, string])[] = [
  [/^$/, 'is empty'],
  [/\r$/, 'ends with a carriage return (\\r), as a line of a Windows text file does'],
  [/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u, 'contains a control character'],
  [/^\s|\s$/, 'begins or ends with a space'],
  [/^["'`\u2018-\u201f]|["'`\u2018-\u201f]$/u, 'is in quotation marks, which are not part of it'],
  [/^~/, 'begins with ~, which the shell has not expanded'],
  [/\$[\w{(]|\{\{/, 'contains a variable that nothing has replaced'],
  [/^[a-z][a-z\d+.-]+:\//i, 'is a URL and not a path'],
];

/** @throws UsageError that names the flag, what is expected and what was given. */
export function readOneOf<Word extends string>(flag: string, text: string, words: readonly Word[]): Word {
  const found = words.find((word) => word === text);
  if (found !== undefined) return found;
  throw new UsageError(`${flag} must be one of ${words.join(', ')}, but is "${text}".`);
}

/** @throws UsageError that names the flag, what is expected and what was given. */
export function readProxies(flag: string, text: string): string[] {
  const entries = text.split(',').map((entry) => entry.trim());
  try {
    trustedProxies(entries);
  } catch (error) {
    throw error instanceof TypeError ? new UsageError(`${flag}: ${error.message}`) : error;
  }
  return entries;
}

/**
 * An instant in the past, in the format of RFC 3339.
 *
 * @throws UsageError that names the flag, what is expected and what was given.
 */
export function readPastInstantMs(flag: string, text: string, nowMs: number): number {
  const isInstant = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$/.test(text);
  const atMs = isInstant ? Date.parse(text) : Number.NaN;
  if (atMs <= nowMs) return atMs;
  throw new UsageError(
    `${flag} must be a time in the past with its time zone, such as 2026-11-27T06:00:00Z, but is "${text}".`,
  );
}

/**
 * An instant in the past, in the format of RFC 3339, or how long ago it was.
 *
 * @throws UsageError that names the flag, what is expected and what was given.
 */
export function readSinceMs(flag: string, text: string, nowMs: number): number {
  const durationMs = parseDuration(text);
  if (durationMs !== undefined) return nowMs - durationMs;
  if (/^\d{4}-/.test(text)) return readPastInstantMs(flag, text, nowMs);
  throw new UsageError(
    `${flag} must be a duration such as 30m, 24h or 7d, or a time with its time zone such as 2026-11-27T06:00:00Z, ` +
      `but is "${text}".`,
  );
}

function boundMs(text: string): number {
  const valueMs = parseDuration(text);
  if (valueMs === undefined) throw new TypeError(`"${text}" is not a duration`);
  return valueMs;
}
