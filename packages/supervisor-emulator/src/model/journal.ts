/** The device's journal, oldest entry first. Only the end of a long one is kept. */
export interface Journal {
  entries: readonly JournalEntry[];
  /** The number of the next entry. */
  next: number;
}

export interface JournalEntry {
  /** Counted up from 1 over the whole life of the journal. */
  number: number;
  /** Microseconds since the epoch; no two entries have the same. */
  atUs: number;
  /** The boot it was written in. */
  bootId: string;
  message: string;
  /** 3: to stderr, or an error; 6: anything else. */
  priority: 3 | 6;
  source: JournalSource;
  /** The text of `GET /v2/local/logs` for this entry; undefined if it has none. */
  systemMessage: string | undefined;
}

/** The author of an entry. */
export type JournalSource =
  | { kind: 'kernel' }
  | { kind: 'supervisor' }
  | {
      kind: 'service';
      serviceId: number;
      serviceName: string;
      containerId: string;
      containerName: string;
      dockerImageId: string;
    };

/** An entry that has not been written yet. */
export interface JournalLine extends Pick<JournalEntry, 'message' | 'source'> {
  /** ms since the epoch. */
  at: number;
  isError?: boolean;
  systemMessage?: string;
}

export const emptyJournal: Journal = { entries: [], next: 1 };

/** The journal with these lines at its end. */
export function writeLines(journal: Journal, lines: readonly JournalLine[], bootId: string): Journal {
  if (lines.length === 0) return journal;
  let lastUs = journal.entries.at(-1)?.atUs ?? -Infinity;
  const written = lines.map((line, index): JournalEntry => {
    lastUs = Math.max(lastUs + 1, Math.round(line.at * 1000));
    return {
      number: journal.next + index,
      atUs: lastUs,
      bootId,
      message: line.message,
      priority: line.isError === true ? 3 : 6,
      source: line.source,
      systemMessage: line.systemMessage,
    };
  });
  const all = [...journal.entries, ...written];
  const entries = all.length > keptEntries ? all.slice(-keptEntries) : all;
  return { entries, next: journal.next + written.length };
}

/** The entries from this number on, as far as they are kept. */
export function entriesFrom({ entries, next }: Journal, number: number): readonly JournalEntry[] {
  return number >= next ? [] : entries.slice(-(next - number));
}

/** The unit an entry belongs to; the kernel has none. */
export function unitOf({ source }: JournalEntry): string | undefined {
  return units[source.kind];
}

/** The identifier of an entry: the short container ID for a service. */
export function identifierOf({ source }: JournalEntry): string {
  return source.kind === 'service' ? source.containerId.slice(0, 12) : identifiers[source.kind];
}

const units = { kernel: undefined, supervisor: 'balena-supervisor.service', service: 'balena.service' };
const identifiers = { kernel: 'kernel', supervisor: 'balena-supervisor' };
const keptEntries = 10_000;
