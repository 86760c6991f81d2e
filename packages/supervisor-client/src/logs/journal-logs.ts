import { followJournal, type JournalBody } from './follow-journal.js';
import { journalEntryOf, readJournalEntry, type JournalEntry, type JournalFields } from './journal-entry.js';
import { journalBody, type JournalQuery, type JournalTextFormat } from './journal-query.js';
import { itemsOf, readLog, type Connect } from './read-log.js';
import { resolveReconnect, type ReconnectOptions } from './reconnect.js';
import { splitJournal } from './split-journal.js';
import { splitLines } from './split-lines.js';
import { longestSleepMs } from '../waiting/sleep.js';
import type { SupervisorClient } from '../client/supervisor-client.js';

/** The options of `journalLogs` for lines of text. */
export interface JournalTextOptions extends JournalQuery {
  /**
   * The format of a line; times are in the Supervisor's time zone, UTC. Supervisors before 10.3 print each field of an
   * entry on its own line.
   * @default 'short'
   */
  format?: JournalTextFormat | undefined;
  /** Not available for text, which has no position to continue from. Use `format: 'json'` and print each `message`. */
  reconnect?: false | undefined;
  /** Closes the connection. The reader then gets the signal's reason. */
  signal?: AbortSignal | undefined;
}

/** The options of `journalLogs` for entries. */
export interface JournalEntriesOptions extends JournalQuery {
  /** Returns entries instead of lines of text. */
  format: 'json';
  /**
   * Continues where it was after the stream has ended or failed, regardless of changes of the device's clock. No entry is
   * repeated, and none is missing if the journal still has the last returned entry, and at most 262144 newer ones.
   * Otherwise it continues with the entries that exist, and informs `onReconnect`. Needs `follow`.
   * @default false
   */
  reconnect?: boolean | ReconnectOptions | undefined;
  /** Closes the connection. The reader then gets the signal's reason. */
  signal?: AbortSignal | undefined;
}

/**
 * The device's journal: the logs of its containers, the Supervisor and the host's services. Every valid key can read all of
 * it.
 * `POST /v2/journal-logs`, since 10.2
 *
 * Returns entries with `format: 'json'`, otherwise lines of text, including remarks of journalctl such as
 * `-- No entries --`. The connection is opened when you ask for the first item, and closed when you leave the loop. It reads
 * no further ahead than the connection buffers. A line over 1 MiB is cut.
 *
 * The Supervisor gives the same answer whether journalctl succeeds or fails: an invalid `since` returns nothing.
 *
 * @throws TypeError at once for an invalid option. SupervisorError as every call, and `unreachable` if the stream fails.
 */
export function journalLogs(
  supervisor: Pick<SupervisorClient, 'stream'>,
  options: JournalEntriesOptions,
): AsyncGenerator<JournalEntry, void>;
/** Returns lines of text in a format of journalctl. `POST /v2/journal-logs`, since 10.2 */
export function journalLogs(
  supervisor: Pick<SupervisorClient, 'stream'>,
  options?: JournalTextOptions,
): AsyncGenerator<string, void>;

export function journalLogs(
  supervisor: Pick<SupervisorClient, 'stream'>,
  options: JournalEntriesOptions | JournalTextOptions = {},
): AsyncGenerator<JournalEntry | string, void> {
  const { signal, follow, format = 'short' } = options;
  const first = journalBody(options, format);
  const reconnect = resolveReconnect(options.reconnect);
  const ask = async (body: JournalBody) => {
    // The Supervisor sends not even headers before there is a line, and a follower waits for that as long as it takes.
    const isFollowed = body['follow'] === true;
    const connectTimeoutMs = isFollowed ? longestSleepMs : reconnect && lookTimeoutMs;
    const request = { method: 'POST', path: '/v2/journal-logs', body, effect: 'read' } as const;
    return supervisor.stream(request, { signal, connectTimeoutMs });
  };
  const isOnly = reconnect === undefined;
  const askEntries = async (body: JournalBody) =>
    itemsOf(await ask(body), { split: splitJournal, read: entryOf, isOnly });

  if (reconnect !== undefined) {
    if (format !== 'json' || follow !== true) {
      throw new TypeError("The option `reconnect` needs `follow: true` and `format: 'json'`.");
    }
    return readLog(followJournal(askEntries, first), { reconnect, signal });
  }
  const connect: Connect<JournalEntry | string> = async function* readOnce() {
    if (format === 'json') yield* await askEntries(first);
    else yield* itemsOf(await ask(first), { split: splitLines, read: (line) => line, isOnly });
  };
  return readLog(connect, { reconnect, signal });
}

/** How long the search for a position may take: a journal can have gigabytes on a slow disk. */
const lookTimeoutMs = 300_000;

function entryOf(piece: string | JournalFields): JournalEntry | undefined {
  return typeof piece === 'string' ? readJournalEntry(piece) : journalEntryOf(piece);
}
