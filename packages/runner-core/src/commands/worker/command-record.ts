import type { UpdateMode } from '@serve.zone/baseos-contracts';
import type { Clock } from '../../ports/clock.js';
import type { Problem } from '../../values/problem.js';
import type { CommandJournal } from '../journal/command-journal.js';
import type { JournalContent } from '../journal/journal-document.js';
import { journalProblem } from '../journal/journal-problems.js';
import type { EndedEntry, EntryState, JournalEntry } from '../journal/journal-entry.js';
import type { CommandRules } from '../rules/command-rules.js';

/** A disk that hangs counts as one that refuses. */
const storeWithinMs = 30_000;
const storeAgainAfterMs = 5 * 60_000;

export interface CommandRecordParts {
  journal: CommandJournal;
  clock: Clock;
  rules: CommandRules;
  /** There is a result that may be told. */
  onTellable: () => void;
}

/** The journal in memory, and what is stored of it. Changes count at once; `store` makes them last. */
export class CommandRecord {
  readonly #parts: CommandRecordParts;
  #content: JournalContent;
  /** As they were stored last, or could not be stored. */
  #settled: ReadonlySet<JournalEntry>;
  #problem: Problem | undefined;
  #storeAtMs: number | undefined;
  /** The write that began last: one after the other. */
  #lastStore: Promise<unknown> = Promise.resolve();

  constructor(parts: CommandRecordParts) {
    this.#parts = parts;
    const { entries, updates, isComplete } = parts.journal.found;
    this.#content = { entries, updates, ...(!isComplete && { isIncomplete: true }) };
    this.#settled = new Set(entries);
  }

  get entries(): readonly JournalEntry[] {
    return this.#content.entries;
  }

  get updates(): UpdateMode | undefined {
    return this.#content.updates;
  }

  /** Why the journal could not be stored, while that is so. */
  get problem(): Problem | undefined {
    return this.#problem;
  }

  /** When what could not be stored is tried again. */
  get storeAtMs(): number | undefined {
    return this.#storeAtMs;
  }

  find(id: string): JournalEntry | undefined {
    return this.entries.find((entry) => entry.id === id);
  }

  in<State extends EntryState>(state: State): Extract<JournalEntry, { state: State }>[] {
    return this.entries.filter((entry): entry is Extract<JournalEntry, { state: State }> => entry.state === state);
  }

  /**
   * The results that Cloudly may know: an agent that is killed must not find less in its journal than it has told. A disk that
   * refuses an outcome costs only a repetition.
   */
  get tellable(): EndedEntry[] {
    return this.in('ended').filter((entry) => this.#settled.has(entry));
  }

  /** Adds an entry, or replaces the one of its command. */
  put(entry: JournalEntry): void {
    const known = this.find(entry.id);
    const takenAt = known ? known.takenAt : new Date(this.#parts.clock.wallMs()).toISOString();
    const dated = { ...entry, takenAt };
    const entries = known
      ? this.entries.map((other) => (other.id === entry.id ? dated : other))
      : [...this.entries, dated];
    this.#content = { ...this.#content, entries: this.#parts.rules.pruneEntries(entries) };
  }

  remove(id: string): void {
    this.#content = { ...this.#content, entries: this.entries.filter((entry) => entry.id !== id) };
  }

  /** Every command that was begun is in it from now on. Returns whether that is news. */
  setComplete(): boolean {
    const { isIncomplete, ...content } = this.#content;
    if (isIncomplete) this.#content = content;
    return isIncomplete === true;
  }

  setUpdates(updates: UpdateMode | undefined): void {
    this.#content = { ...this.#content, updates };
  }

  /** Stores what counts when its turn comes. It never rejects, and resolves within half a minute. */
  async store(): Promise<{ ok: true } | { ok: false; problem: Problem }> {
    const { journal, clock, onTellable } = this.#parts;
    const over = new AbortController();
    let storedEntries = this.entries;
    const storing = this.#lastStore
      .then(async () => {
        storedEntries = this.entries;
        return journal.store(this.#content);
      })
      // A journal of someone else may reject although it must not.
      .catch(() => ({ ok: false as const, problem: journalProblem('journal-failed') }));
    this.#lastStore = storing;
    const tooLate = clock
      .sleep(storeWithinMs, over.signal)
      .then(() => ({ ok: false as const, problem: journalProblem('journal-silent') }));
    const result = await Promise.race([storing, tooLate]);
    over.abort();
    const toldBefore = this.tellable;
    this.#settled = new Set([...storedEntries, ...toldBefore]);
    if (this.tellable.length > toldBefore.length) onTellable();
    this.#problem = result.ok ? undefined : result.problem;
    this.#storeAtMs = result.ok ? undefined : clock.monotonicMs() + storeAgainAfterMs;
    return result;
  }

  /** Resolves when nothing is being written. */
  async stored(): Promise<void> {
    await this.#lastStore;
  }
}
