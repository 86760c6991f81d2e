import { followJournal, type JournalBody } from './follow-journal.js';
import { journalEntryOf, readJournalEntry, type JournalEntry, type JournalFields } from './journal-entry.js';
import { journalBody, type JournalQuery, type JournalTextFormat } from './journal-query.js';
import { itemsOf, readLog, type Connect } from './read-log.js';
import { resolveReconnect, type ReconnectOptions } from './reconnect.js';
import { splitJournal } from './split-journal.js';
import { splitLines } from './split-lines.js';
import { longestSleepMs } from '../waiting/sleep.js';
import type { SupervisorClient } from '../client/supervisor-client.js';

/** What `journalLogs` takes to give lines of text. */
export interface JournalTextOptions extends JournalQuery {
  /**
   * How a line shows an entry; times are in the Supervisor's time zone, UTC. Supervisors before 10.3 show each field of
   * it in a line.
   * @default 'short'
   */
  format?: JournalTextFormat | undefined;
  /** Not for text, which does not tell where to go on: ask for `format: 'json'`, and print the `message` of its entries. */
  reconnect?: false | undefined;
  /** Ends the reading, which then rejects with the signal's reason, and closes the connection. */
  signal?: AbortSignal | undefined;
}

/** What `journalLogs` takes to give entries. */
export interface JournalEntriesOptions extends JournalQuery {
  /** Gives entries instead of lines of text. */
  format: 'json';
  /**
   * Goes on after the stream has ended or broken, where it was, whatever the device's clock has done: no entry comes twice,
   * and none is missing as long as the journal still has the last one that was given, and no more than 262144 after it.
   * Else it goes on with what there is, and `onReconnect` is told. Needs `follow`.
   * @default false
   */
  reconnect?: boolean | ReconnectOptions | undefined;
  /** Ends the reading, which then rejects with the signal's reason, and closes the connection. */
  signal?: AbortSignal | undefined;
}

/**
 * The journal of the device: what its containers, the Supervisor and the host's services log. Any valid key sees all of it.
 * `POST /v2/journal-logs`, since 10.2
 *
 * With `format: 'json'` as entries, otherwise as lines of text, in which journalctl's own remarks such as
 * `-- No entries --` stand too. The connection is made at the first that is asked for, and closed by leaving the loop.
 * Nothing is read ahead of it beyond what the connection buffers. A line over 1 MiB is cut.
 *
 * The Supervisor answers in the same way whether journalctl succeeds or fails: a mistaken `since` gives nothing.
 *
 * @throws TypeError for a mistaken option, at once. SupervisorError as every call, and `unreachable` if the stream breaks.
 */
export function journalLogs(
  supervisor: Pick<SupervisorClient, 'stream'>,
  options: JournalEntriesOptions,
): AsyncGenerator<JournalEntry, void>;
/** As lines of text, in the format of journalctl that `format` names. `POST /v2/journal-logs`, since 10.2 */
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
    // The Supervisor sends not even headers before there is a line, and who follows waits for that as long as it takes.
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

/** How long it may take until a place is looked for in a journal, which may have gigabytes and a slow disk. */
const lookTimeoutMs = 300_000;

function entryOf(piece: string | JournalFields): JournalEntry | undefined {
  return typeof piece === 'string' ? readJournalEntry(piece) : journalEntryOf(piece);
}
