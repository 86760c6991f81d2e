import type { Watch } from '../call/watch.js';
import { entriesFrom } from '../model/journal.js';
import type { JournalEntry } from '../model/journal.js';

/** The entries from this number on, as they are written. It ends only with the watch. */
export async function* followJournal(watch: Watch, from: number): AsyncIterable<JournalEntry> {
  for (let next = from; ;) {
    const { journal } = watch.look().model;
    yield* entriesFrom(journal, next);
    next = journal.next;
    // More entries may have been written while the client was busy.
    if (watch.look().model.journal.next === next) await watch.next();
  }
}
