import type { JournalEntry } from './journal-entry.js';

/**
 * The position in a journal, by the cursors of the last entries. Times would not work: the clock of a device jumps at its
 * first time sync, and back after a reboot without a battery-backed clock.
 */
export class JournalPosition {
  /** The number of the stream of each entry, oldest entry first. */
  readonly #streams = new Map<string, number>();
  readonly #kept: number;
  #stream = 0;

  /** @param kept how many entries are remembered */
  constructor(kept: number) {
    this.#kept = kept;
  }

  /** The number of remembered entries, up to the last one. */
  get length(): number {
    return this.#streams.size;
  }

  /** Entries from now on belong to another stream. */
  beginStream(): void {
    this.#stream += 1;
  }

  /** Whether an earlier stream contained the entry. */
  isKnown({ cursor }: JournalEntry): boolean {
    const stream = cursor === undefined ? undefined : this.#streams.get(cursor);
    return stream !== undefined && stream < this.#stream;
  }

  /** Remembers an entry as the last one. */
  add({ cursor }: JournalEntry): void {
    if (cursor === undefined) return;
    this.#streams.set(cursor, this.#stream);
    const oldest = this.#streams.keys().next();
    if (this.#streams.size > this.#kept && oldest.done !== true) this.#streams.delete(oldest.value);
  }
}
