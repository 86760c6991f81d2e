/** A column of a list of `Item`s. */
export interface ListColumn<Item> {
  /** As in `--columns`, and the heading of CSV. */
  key: string;
  /** What else `--columns` takes for it. */
  alias?: string;
  /** Above the column. @default the key in upper case */
  heading?: string;
  /** What a person reads, in a few words. */
  text: (item: Item, nowMs: number) => string;
  /** The same where lines may be long. @default the same */
  full?: (item: Item) => string;
  /** What a program reads in CSV. @default what a person reads where lines may be long */
  value?: (item: Item) => string | number | boolean | undefined;
  /** Longer texts are shortened where the line is too short, down to this width. @default they never are */
  min?: number;
  /** A sentence is shortened at its end, all else in its middle, because names differ at both ends. */
  isSentence?: boolean;
}

/** The columns of a list, by key; some are families, such as `label.<key>`. */
export interface ListColumns<Item> {
  all: readonly ListColumn<Item>[];
  /** The keys of those that are shown unless others are chosen. */
  shown: readonly string[];
  /** The column of a family with this key. */
  find?: (key: string) => ListColumn<Item> | undefined;
  /** How a family is written, for help. */
  family?: string;
}
