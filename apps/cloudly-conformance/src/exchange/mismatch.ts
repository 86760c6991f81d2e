/** Cloudly did not behave as the contract promises. */
export class Mismatch extends Error {
  override readonly name = 'Mismatch';
  readonly expected: string;
  readonly got: string;

  constructor(expected: string, got: string) {
    super(`expected ${expected}, got ${got}`);
    this.expected = expected;
    this.got = got;
  }
}

/** Cloudly did not answer at all. */
export class NoAnswer extends Mismatch {
  /** @param cause the system's error, where there is one */
  constructor(reason: string, cause?: Error) {
    super('an answer', reason);
    this.cause = cause;
  }
}

/** A rule cannot be tried, because one of its preconditions is missing. That says nothing about the rule itself. */
export class CannotTry extends Error {
  override readonly name: string = 'CannotTry';
}

/** A rule cannot be tried, because a token or a command that was given for it does not work. */
export class BrokenProvision extends CannotTry {
  override readonly name = 'BrokenProvision';
}
