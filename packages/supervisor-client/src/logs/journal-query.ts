/** How a line of text shows an entry. @see https://www.freedesktop.org/software/systemd/man/latest/journalctl.html#-o */
export type JournalTextFormat = (typeof textFormats)[number];

/** Which entries of the journal are read. */
export interface JournalQuery {
  /** Shows fields in full that are long or not printable. @default false */
  all?: boolean | undefined;
  /** Goes on with what is logged from now on. @default false */
  follow?: boolean | undefined;
  /**
   * Only the last so many entries. Do not combine it with `since`: journalctl then counts from the start.
   * @default all; with `follow` and without `since` the last ten
   */
  count?: number | undefined;
  /** Only what this systemd unit logged, as in `balena-supervisor` or `balena.service`. */
  unit?: string | undefined;
  /** Only what was logged as this, which for containers is the ID's first twelve characters. Since Supervisor 10.9 */
  containerId?: string | undefined;
  /**
   * Only from then on. A text is read by journalctl, by the device's clock: `2026-11-23 01:14:28`, `10min ago`, `today`.
   * Since Supervisor 14.7; older ones ignore it.
   */
  since?: Date | string | undefined;
  /** Only until then, like `since`. */
  until?: Date | string | undefined;
}

/** Only formats that show an entry in a line. Asked for one it does not know, journalctl fails, and the answer is empty. */
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

/** The body of `POST /v2/journal-logs`. Throws a TypeError for what journalctl would only answer with silence. */
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
    throw new TypeError(`The option \`${name}\` must be a text that is not empty and has no NUL character.`);
  }
  return { [name]: value };
}

/** A moment in the one way that journalctl reads the same in every time zone: seconds since 1970. */
function journalTime(name: string, time: Date | string | undefined): string | undefined {
  if (!(time instanceof Date)) return time;
  const ms = time.getTime();
  if (!(ms >= 0)) throw new TypeError(`The option \`${name}\` must be a valid date, not before 1970.`);
  return `@${(ms / 1000).toFixed(3)}`;
}
