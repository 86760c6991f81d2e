import type { TextStream } from '@serve.zone/baseos-command-line';

/** The person who runs a command, as far as there is one: what is absent is not possible. */
export interface Terminal {
  /** How many characters a line of stdout has. */
  columns?: number | undefined;
  /** Lets the person read a long text page by page, in place of stdout. */
  openPager?: (() => Pager) | undefined;
  /** Resolves with the line that the person types, `undefined` if they type none. */
  ask?: ((question: string) => Promise<string | undefined>) | undefined;
  /** The same, without showing what they type. */
  askSecret?: ((question: string) => Promise<string | undefined>) | undefined;
  /** Replaces the last line of stderr, which ends with the command; an empty one removes it. */
  showProgress?: ((line: string) => void) | undefined;
  /** Shows lines in the place of those that it showed before: a picture that changes. They are as long as they may be. */
  showPicture?: ((lines: readonly string[]) => void) | undefined;
  /** Resolves with what the person makes of a text in their editor. */
  editText?: ((text: string) => Promise<string>) | undefined;
  /** Resolves with all of stdin. */
  readInput: () => Promise<string>;
}

export interface Pager {
  /** What it shows; it may close before all is written. */
  input: TextStream;
  /** Nothing more is written. Resolves once the person has ended it. */
  end: () => Promise<void>;
  /** What is not written yet is dropped. */
  stop: () => void;
}

/** Where a width is unknown, this is what terminals have. */
export const COLUMNS = 80;
