import { inspect } from 'node:util';

import { checkInteger, isTruthy } from '../call/check-value.js';
import type { ParsedBody } from '../call/parse-body.js';
import { identifierOf, unitOf } from '../model/journal.js';
import type { JournalEntry } from '../model/journal.js';
import { isJournalFormat } from './journal-format.js';
import type { JournalFormat } from './journal-format.js';
import { parseJournalTime } from './journal-time.js';

/** The entries that `POST /v2/journal-logs` requests, and their format. */
export interface JournalQuery {
  follow: boolean;
  /** How many of the last ones; `Infinity` for all. */
  count: number;
  /** Includes unprintable characters, and lines of any length. */
  all: boolean;
  format: JournalFormat | 'help';
  matches: (entry: JournalEntry) => boolean;
}

/** The query, or the answer that replaces the entries. */
export type ReadJournalQuery =
  | { kind: 'query'; query: JournalQuery }
  /** journalctl rejects its arguments. It says so only on stderr, so the body is empty. */
  | { kind: 'refused' }
  /** The Supervisor cannot even start journalctl. */
  | { kind: 'failure'; message: string };

/** Reads a body as the arguments that the Supervisor passes to journalctl. It converts every value to text. */
export function readJournalQuery(body: ParsedBody, now: number): ReadJournalQuery {
  const { unit, containerId, since, until, format = 'short' } = body;
  const all = isTruthy(body['all']);
  const follow = isTruthy(body['follow']);
  const count = positive(checkInteger(body['count']));
  const given: unknown[] = [
    ...(all ? ['-a'] : []),
    ...(follow ? ['--follow'] : []),
    ...[['-u', unit] as const, ['-t', containerId] as const, ['-n', count?.toString()] as const].flatMap(argument),
    ...[['-S', since] as const, ['-U', until] as const, ['-o', format ?? 'short'] as const].flatMap(argument),
  ];
  const failure = startFailure(given);
  if (failure !== undefined) return { kind: 'failure', message: failure };

  const [shown, from, to] = [asText(format ?? 'short'), timeOf(since, now), timeOf(until, now)];
  const isMatch = unit == null ? () => true : unitMatch(asText(unit));
  const isKnown = shown === 'help' || isJournalFormat(shown);
  if (!isKnown || isMatch === undefined || from === 'invalid' || to === 'invalid') return { kind: 'refused' };
  if (from !== undefined && to !== undefined && from > to) return { kind: 'refused' };

  const identifier = containerId == null ? undefined : asText(containerId);
  const matches = (entry: JournalEntry): boolean =>
    isMatch(unitOf(entry)) &&
    (identifier === undefined || identifierOf(entry) === identifier) &&
    (from === undefined || entry.atUs >= from) &&
    (to === undefined || entry.atUs <= to);
  return { kind: 'query', query: { follow, all, format: shown, matches, count: count ?? (follow ? 10 : Infinity) } };
}

function argument([flag, value]: readonly [string, unknown]): unknown[] {
  return value == null ? [] : [flag, value];
}

function positive(count: number | undefined): number | undefined {
  return count === undefined || count <= 0 ? undefined : count;
}

// Text with a NUL cannot be an argument of a process. A value that cannot become text cannot even be logged.
function startFailure(given: readonly unknown[]): string | undefined {
  try {
    given.join(' ');
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  const index = given.findIndex((value) => typeof value === 'string' && value.includes('\0'));
  if (index < 0) return undefined;
  const received = inspect(given[index]);
  const shown = received.length > 128 ? `${received.slice(0, 128)}...` : received;
  return `The argument 'args[${index}]' must be a string without null bytes. Received ${shown}`;
}

/** Whether an entry belongs to the unit. undefined: a pattern that no unit matches, which journalctl rejects. */
function unitMatch(wanted: string): ((unit: string | undefined) => boolean) | undefined {
  if (!/[*?[]/.test(wanted)) {
    const name = /\.\w+$/.test(wanted) ? wanted : `${wanted}.service`;
    return (unit) => unit === name;
  }
  const pattern = globPattern(wanted);
  const matching = knownUnits.filter((unit) => pattern?.test(unit));
  return matching.length === 0 ? undefined : (unit) => unit !== undefined && matching.includes(unit);
}

function globPattern(glob: string): RegExp | undefined {
  const source = glob.replace(/\[[^\]]*\]|[\s\S]/g, (part) => {
    if (part === '*') return '.*';
    if (part === '?') return '.';
    return part.length > 1 ? part.replace(/^\[!/, '[^') : part.replace(/[\\^$.|+(){}[\]]/, String.raw`\$&`);
  });
  try {
    return new RegExp(`^${source}(?:\\.service)?$`);
  } catch {
    return undefined;
  }
}

/** Microseconds since the epoch; undefined if not given. */
function timeOf(value: unknown, now: number): number | undefined | 'invalid' {
  return value == null ? undefined : (parseJournalTime(asText(value), now) ?? 'invalid');
}

/** The text that an argument of any type becomes. */
function asText(value: unknown): string {
  return [value].join('');
}

const knownUnits = ['balena.service', 'balena-supervisor.service'];
