/** The format of a line of text. @see https://www.freedesktop.org/software/systemd/man/latest/journalctl.html#-o */
export type JournalTextFormat = (typeof textFormats)[number];

/** Which entries of the journal to read. */
export interface JournalQuery {
  /** Includes long and unprintable fields in full. @default false */
  all?: boolean | undefined;
  /** Continues with new entries. @default false */
  follow?: boolean | undefined;
  /**
   * Only this many of the last entries. Do not combine it with `since`: journalctl then counts from the start.
   * @default all; the last ten with `follow` and without `since`
   */
  count?: number | undefined;
  /** Only entries of this systemd unit, as in `balena-supervisor` or `balena.service`. */
  unit?: string | undefined;
  /** Only entries with this identifier: for a container, the first twelve characters of its ID. Since Supervisor 10.9 */
  containerId?: string | undefined;
  /**
   * Only entries since this time. journalctl reads a string by the device's clock: `2026-11-23 01:14:28`, `10min ago`, `today`.
   * Since Supervisor 14.7; older ones ignore it.
   */
  since?: Date | string | undefined;
  /** Only entries until this time, as for `since`. */
  until?: Date | string | undefined;
}

/** The formats that print an entry on one line. With an unknown format, journalctl fails and the answer is empty. */
const textFormats = [
  'short',
  'short-full',
  'short-iso',
  'short-iso-precise',
  'short-precise',
  'short-monotonic',
  'short-unix',
  'with-unit',
  'cat',
] as const;

/** The body of `POST /v2/journal-logs`. Throws a TypeError for options that journalctl would answer with silence. */
export function journalBody(query: JournalQuery, format: string): Record<string, unknown> {
  if (format !== 'json' && !(textFormats as readonly string[]).includes(format)) {
    throw new TypeError(`The option \`format\` must be json, ${textFormats.slice(0, -1).join(', ')} or cat.`);
  }
  for (const name of ['all', 'follow'] as const) {
    const value = query[name];
    if (value !== undefined && typeof value !== 'boolean') {
      throw new TypeError(`The option \`${name}\` must be true or false.`);
    }
  }
  if (query.count !== undefined && !(Number.isSafeInteger(query.count) && query.count > 0)) {
    throw new TypeError('The option `count` must be a whole number above 0.');
  }
  return {
    all: query.all ?? false,
    follow: query.follow ?? false,
    format,
    ...(query.count !== undefined && { count: query.count }),
    ...argument('unit', query.unit),
    ...argument('containerId', query.containerId),
    ...argument('since', journalTime('since', query.since)),
    ...argument('until', journalTime('until', query.until)),
  };
}

function argument(name: string, value: string | undefined): Record<string, string> {
  if (value === undefined) return {};
  if (typeof value !== 'string' || value === '' || value.includes('\0')) {
    throw new TypeError(`The option \`${name}\` must be a non-empty string without NUL characters.`);
  }
  return { [name]: value };
}

/** A time in the one form that journalctl reads the same in every time zone: seconds since 1970. */
function journalTime(name: string, time: Date | string | undefined): string | undefined {
  if (!(time instanceof Date)) return time;
  const ms = time.getTime();
  if (!(ms >= 0)) throw new TypeError(`The option \`${name}\` must be a valid date, not before 1970.`);
  return `@${(ms / 1000).toFixed(3)}`;
}
