import type { JournalEntry } from './journal-entry.js';
import { JournalPosition } from './journal-position.js';
import type { Connect } from './read-log.js';

/** The body of a request for the journal. */
export type JournalBody = Readonly<Record<string, unknown>>;

/** Requests the journal and returns its entries. */
export type AskJournal = (body: JournalBody) => Promise<AsyncIterable<JournalEntry>>;

interface FollowLimits {
  /** How many of the last entries are remembered, to find the position again. */
  kept: number;
  /** How many of the last entries are searched for them, attempt by attempt. */
  windows: readonly number[];
  /** How many characters of possibly new entries are kept until it is known whether they are new. */
  heldChars: number;
}

interface Read {
  entry: JournalEntry;
  isKnown: boolean;
}

/** An entry has about 1000 characters. */
const defaultLimits: FollowLimits = { kept: 1024, windows: [1024, 16_384, 262_144], heldChars: 4 * 1024 * 1024 };

/**
 * Follows the journal in JSON over any number of connections. The API cannot start at a cursor, and to start at a time
 * would miss entries after the clock was set back. So it requests the last entries and searches them for known ones:
 * everything after those is new.
 *
 * @param first the request until there is an entry
 */
export function followJournal(
  ask: AskJournal,
  first: JournalBody,
  { kept, windows, heldChars }: FollowLimits = defaultLimits,
): Connect<JournalEntry> {
  const position = new JournalPosition(kept);
  const { count: _count, since: _since, ...rest } = first;

  async function* entriesOf(body: JournalBody, onOpen?: () => void): AsyncGenerator<Read> {
    const entries = await ask(body);
    position.beginStream();
    onOpen?.();
    for await (const entry of entries) yield { entry, isKnown: position.isKnown(entry) };
  }

  function seen(entry: JournalEntry): JournalEntry {
    position.add(entry);
    return entry;
  }

  /** Returns what is new, up to an end: without `follow`, journalctl ends on its own, so the whole window is known. */
  async function* catchUp(onOpen: (isComplete: boolean) => void): AsyncGenerator<JournalEntry, void> {
    let window: JournalBody = {};
    const held: JournalEntry[] = [];
    let isAllHeld = true;
    for (const count of windows) {
      window = { ...rest, follow: false, count };
      held.length = 0;
      let [size, chars, isFound] = [0, 0, false];
      for await (const { entry, isKnown } of entriesOf(window)) {
        size += 1;
        chars += charsOf(entry);
        if (isKnown && !isFound) onOpen(true);
        if (isKnown) isFound = true;
        else if (isFound) yield seen(entry);
        else if (chars <= heldChars) held.push(entry);
      }
      if (isFound) return;
      isAllHeld = size === held.length;
      if (size < count) break;
    }
    onOpen(false);
    if (isAllHeld) for (const entry of held) yield seen(entry);
    else for await (const { entry, isKnown } of entriesOf(window)) if (!isKnown) yield seen(entry);
  }

  /** Ends if more entries have been added since the last look than are remembered. */
  async function* goOn(): AsyncGenerator<JournalEntry, void> {
    let isFound = false;
    for await (const { entry, isKnown } of entriesOf({ ...rest, follow: true, count: position.length })) {
      if (isKnown) isFound = true;
      else if (isFound) yield seen(entry);
      else if (entry.cursor !== undefined) return;
    }
  }

  return async function* connect(onOpen) {
    if (position.length > 0) {
      yield* catchUp(onOpen);
      yield* goOn();
      return;
    }
    for await (const { entry } of entriesOf(first, () => onOpen(false))) yield seen(entry);
  };
}

function charsOf({ message, fields }: JournalEntry): number {
  const values = Object.values(fields).filter((value) => typeof value === 'string' || Array.isArray(value));
  return values.reduce((sum, { length }) => sum + length, message.length);
}
