/** A selector or scope that cannot be read. The message says what is wrong, without a full stop at its end. */
export class SelectorError extends Error {
  override readonly name = 'SelectorError';
  /** Where in the text: the first character is 1. */
  readonly column: number;
  /** What to do about it, in sentences. */
  readonly remedy: string;

  constructor(message: string, { column, remedy }: { column: number; remedy: string }) {
    super(message);
    this.column = column;
    this.remedy = remedy;
    Object.defineProperty(this, brand, { value: true });
  }
}

/** Also holds for an error of another copy of this package. */
export function isSelectorError(candidate: unknown): candidate is SelectorError {
  return typeof candidate === 'object' && candidate !== null && brand in candidate;
}

const brand = Symbol.for('@serve.zone/baseos-cloudly-handlers/SelectorError');
