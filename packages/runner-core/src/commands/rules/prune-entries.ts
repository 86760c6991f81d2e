import type { JournalEntry } from '../journal/journal-entry.js';

const entriesMax = 1000;

/** The newest entries. One whose result no 200 has taken is never dropped: its command could start a second time. */
export function pruneEntries(entries: readonly JournalEntry[], max: number = entriesMax): readonly JournalEntry[] {
  let excess = entries.length - max;
  if (excess <= 0) return entries;
  return entries.filter(({ state }) => state !== 'told' || excess-- <= 0);
}
