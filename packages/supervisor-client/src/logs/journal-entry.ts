/** One entry of the device's journal. What it does not have is absent. */
export interface JournalEntry {
  /** The text, without the carriage return that a service with a terminal ends its lines with. */
  message: string;
  /** When the journal received it, in milliseconds since 1970. Before the device's first time sync that may be years off. */
  timestampMs?: number;
  /** The systemd unit it comes from, such as `balena-supervisor.service`. */
  unit?: string;
  /** What it was logged as: `kernel`, a program's name, or the short ID of a container. */
  identifier?: string;
  /** The container it comes from, named by the Supervisor: service, image ID, release ID and commit, with `_` between. */
  containerName?: string;
  /** How urgent it is, from 0 (the system is unusable) to 7 (debugging). */
  priority?: number;
  /** Where it stands in the journal: unique, and only to be compared for equality. */
  cursor?: string;
  /**
   * Every field as journald exports it in JSON: mostly strings, numbers included; an array of bytes where the value is no
   * printable text, an array of values where a field occurs more than once, null where it is too long (without `all`).
   *
   * @see https://systemd.io/JOURNAL_EXPORT_FORMATS/#journal-json-format
   */
  fields: JournalFields;
}

/** The fields of an entry by their names, as journald has them in JSON. */
export type JournalFields = Readonly<Record<string, unknown>>;

/**
 * Reads one line of the journal in JSON. `undefined` for what is no entry: an empty line, or a remark of journalctl's such
 * as `-- No entries --`. A line that is not the JSON of an entry becomes one with the line as its message: it was logged,
 * and nothing that was logged is lost.
 */
export function readJournalEntry(line: string): JournalEntry | undefined {
  if (line === '' || line.startsWith('-- ')) return undefined;
  const fields = parseObject(line);
  return fields === undefined ? { message: line, fields: {} } : journalEntryOf(fields);
}

/** The entry that has these fields. */
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
  // A field that occurs more than once. Its values are texts or arrays of bytes themselves, never deeper.
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
