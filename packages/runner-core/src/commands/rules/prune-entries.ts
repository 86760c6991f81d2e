import type { JournalEntry } from '../journal/journal-entry.js';

const entriesMax = 1000;
/** As many as Cloudly shows of a node. With longer ones, the record could become larger than a file that is read (1 MiB). */
const messagesMax = 100;

/**
 * The newest entries, and of those that were told the newest with their messages. One whose result no 200 has taken is never
 * dropped: its command could start a second time.
 */
export function pruneEntries(entries: readonly JournalEntry[], max: number = entriesMax): readonly JournalEntry[] {
  return withFewMessages(withoutOldest(entries, max));
}

function withoutOldest(entries: readonly JournalEntry[], max: number): readonly JournalEntry[] {
  let excess = entries.length - max;
  if (excess <= 0) return entries;
  return entries.filter(({ state }) => state !== 'told' || excess-- <= 0);
}

function withFewMessages(entries: readonly JournalEntry[]): readonly JournalEntry[] {
  let excess = entries.filter((entry) => entry.state === 'told' && entry.message !== undefined).length - messagesMax;
  if (excess <= 0) return entries;
  return entries.map((entry) => {
    if (entry.state !== 'told' || entry.message === undefined || excess-- <= 0) return entry;
    const { message: _told, ...rest } = entry;
    return rest;
  });
}
