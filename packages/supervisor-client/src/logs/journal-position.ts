import type { JournalEntry } from './journal-entry.js';

/** How far the reading of a journal has come, so that another request can go on there and no entry comes twice. */
export class JournalPosition {
  #lastTimestampUs: string | undefined;
  readonly #cursors = new Set<string>();

  /** Whether the entry is new. */
  accept({ cursor, fields }: JournalEntry): boolean {
    if (cursor !== undefined) {
      if (this.#cursors.has(cursor)) return false;
      this.#cursors.add(cursor);
      if (this.#cursors.size > keptCursors) this.#forgetOldest();
    }
    const timestampUs = fields['__REALTIME_TIMESTAMP'];
    if (typeof timestampUs === 'string' && /^\d{1,16}$/.test(timestampUs)) this.#lastTimestampUs = timestampUs;
    return true;
  }

  /**
   * The very microsecond of the last entry: asked for from there on, journalctl brings it again with all others of that
   * microsecond, and `accept` drops what it knows. (The API has no way to ask by cursor.) `undefined` before any entry.
   */
  get since(): string | undefined {
    if (this.#lastTimestampUs === undefined) return undefined;
    const digits = this.#lastTimestampUs.padStart(7, '0');
    return `@${digits.slice(0, -6)}.${digits.slice(-6)}`;
  }

  #forgetOldest(): void {
    const oldest = this.#cursors.values().next();
    if (oldest.done !== true) this.#cursors.delete(oldest.value);
  }
}

/**
 * Only a few are asked for again as a rule. This is enough for a clock that was set back a little, and for Supervisors
 * before 14.7, which ignore `since` and begin with the last ten.
 */
const keptCursors = 1024;
