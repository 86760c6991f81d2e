/** An entry of the device's journal. Missing fields are absent. */
export interface JournalEntry {
  /** The text, without the carriage return at the end of lines of a service with a terminal. */
  message: string;
  /** When the journal received it, in milliseconds since 1970. It may be years off before the device's first time sync. */
  timestampMs?: number;
  /** The systemd unit it comes from, such as `balena-supervisor.service`. */
  unit?: string;
  /** Its identifier: `kernel`, the name of a program, or the short ID of a container. */
  identifier?: string;
  /** The name of its container: service, image ID, release ID and commit, separated by `_`. */
  containerName?: string;
  /** From 0 (the system is unusable) to 7 (debugging). */
  priority?: number;
  /** Its unique position in the journal. Compare it for equality only. */
  cursor?: string;
  /**
   * Every field as journald exports it in JSON: mostly strings, even for numbers; an array of bytes if the value is not
   * printable text, an array of values if the field occurs more than once, null if the value is too long (without `all`).
   *
   * @see https://systemd.io/JOURNAL_EXPORT_FORMATS/#journal-json-format
   */
  fields: JournalFields;
}

/** The fields of an entry by name, as in journald's JSON. */
export type JournalFields = Readonly<Record<string, unknown>>;

/**
 * Reads a line of the journal in JSON. `undefined` for an empty line, or a remark of journalctl such as `-- No entries --`.
 * Any other line that is not a JSON object becomes an entry with the line as its message, so that no log line is lost.
 */
export function readJournalEntry(line: string): JournalEntry | undefined {
  if (line === '' || line.startsWith('-- ')) return undefined;
  const fields = parseObject(line);
  return fields === undefined ? { message: line, fields: {} } : journalEntryOf(fields);
}

/** The entry with these fields. */
export function journalEntryOf(fields: JournalFields): JournalEntry {
  const entry: JournalEntry = { message: textOf(fields['MESSAGE']).replace(/\r$/, ''), fields };
  const timestampUs = numberOf(fields['__REALTIME_TIMESTAMP']);
  const priority = numberOf(fields['PRIORITY']);
  const unit = textOf(fields['_SYSTEMD_UNIT']);
  const identifier = textOf(fields['SYSLOG_IDENTIFIER']);
  const containerName = textOf(fields['CONTAINER_NAME']);
  const cursor = textOf(fields['__CURSOR']);
  if (timestampUs !== undefined) entry.timestampMs = Math.floor(timestampUs / 1000);
  if (priority !== undefined) entry.priority = priority;
  if (unit !== '') entry.unit = unit;
  if (identifier !== '') entry.identifier = identifier;
  if (containerName !== '') entry.containerName = containerName;
  if (cursor !== '') entry.cursor = cursor;
  return entry;
}

export function parseObject(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (!Array.isArray(value)) return '';
  if (value.length > 0 && value.every(isByte)) return new TextDecoder().decode(Uint8Array.from(value));
  // A field that occurs more than once. Its values are strings or arrays of bytes, never deeper.
  return value.map((item) => (isNested(item) ? '' : textOf(item))).join('\n');
}

function isByte(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 255;
}

function isNested(value: unknown): boolean {
  return Array.isArray(value) && value.some(Array.isArray);
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'string' && /^\d{1,16}$/.test(value) ? Number(value) : undefined;
}
