import type { UpdateMode } from '@serve.zone/baseos-contracts';
import type { Problem } from '../../values/problem.js';
import type { JournalContent, JournalOwner } from './journal-document.js';
import type { JournalEntry } from './journal-entry.js';

/** What is known about the node whose journal is opened. */
export interface JournalNode extends JournalOwner {
  /** Cloudly knows the node already, so that it may have given it commands. */
  isEnrolled: boolean;
}

/** What was found when the journal was opened. */
export interface FoundJournal {
  entries: readonly JournalEntry[];
  updates?: UpdateMode | undefined;
  /**
   * Whether every command that was begun is in it. A journal that is missing beside an enrolled identity, or that was read
   * from its copy, may lack some.
   */
  isComplete: boolean;
  /** Whether it is stored as it was found. */
  isStored: boolean;
  /** What the operator should know about it. */
  notice?: Problem | undefined;
}

/** Where the record of commands lasts. */
export interface CommandJournal {
  found: FoundJournal;
  /** Replaces what is stored. Durable once it has resolved with `ok`; it never rejects. */
  store(content: JournalContent): Promise<{ ok: true } | { ok: false; problem: Problem }>;
}

/** Opens the journal of a node. It never rejects, whatever the disk holds. */
export type OpenJournal = (node: JournalNode) => Promise<CommandJournal>;
