/** What happened and what to do about it, in words for the operator of the device. */
export interface Explanation {
  /** What happened, in sentences. */
  message: string;
  /** What to do about it, in sentences. */
  remedy: string;
}

/** Something that went wrong. */
export interface Problem extends Explanation {
  /** Stable: programs may switch on it. */
  code: string;
}

/** Something that the operator should know. */
export interface Notice {
  /** Stable: programs may switch on it. */
  code: string;
  /** What was found, and where, in sentences. */
  message: string;
  /** What to do about it; absent where there is nothing to do. */
  remedy?: string | undefined;
}

/** All of it on one line, for a log or a list. */
export function inSentences({
  message,
  remedy,
}: Readonly<Pick<Explanation, 'message'> & { remedy?: string | undefined }>): string {
  return remedy === undefined ? message : `${message} ${remedy}`;
}
