import type { ListedName } from '@serve.zone/baseos-command-line';

/** What a shell offers in place of the word at the cursor. */
export interface Completion {
  /**
   * - `words`: these, each complete.
   * - `open`: these, each of which something follows without a space.
   * - `files`: names of files, which the shell knows.
   */
  kind: 'words' | 'open' | 'files';
  /** Whole words, which all begin with what is typed. */
  words: ListedName[];
}

export const nothing: Completion = { kind: 'words', words: [] };
