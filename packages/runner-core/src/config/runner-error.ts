import { inSentences } from '../values/problem.js';
import type { ConfigMistake } from './config-mistake.js';
import type { ConfigWarning } from './config-warning.js';

/** Stable: programs may switch on it. */
export type BaseRunnerErrorCode =
  /** The environment, alone or together with the stored identity, gives no usable configuration; see `mistakes`. */
  'invalid-configuration';

const brand = Symbol.for('@serve.zone/baseos-runner-core/BaseRunnerError');

/** What this package throws when the caller has made no mistake. It never holds a secret. */
export class BaseRunnerError extends Error {
  override readonly name = 'BaseRunnerError';
  readonly code: BaseRunnerErrorCode;
  /** Every mistake in the configuration, not only the first. */
  readonly mistakes: readonly ConfigMistake[];

  /** What may have caused the mistakes, such as a misspelt variable. */
  readonly warnings: readonly ConfigWarning[];

  constructor(
    code: BaseRunnerErrorCode,
    message: string,
    details: { mistakes?: readonly ConfigMistake[]; warnings?: readonly ConfigWarning[] } = {},
  ) {
    super(message);
    this.code = code;
    this.mistakes = details.mistakes ?? [];
    this.warnings = details.warnings ?? [];
    Object.defineProperty(this, brand, { value: true });
  }
}

/** Also true for an error of another copy of this package. */
export function isBaseRunnerError(error: unknown): error is BaseRunnerError {
  return typeof error === 'object' && error !== null && brand in error;
}

/** The one error for all the mistakes that a configuration has. */
export function invalidConfiguration(
  mistakes: readonly ConfigMistake[],
  warnings: readonly ConfigWarning[] = [],
): BaseRunnerError {
  return new BaseRunnerError(
    'invalid-configuration',
    ['The configuration has mistakes:', ...mistakes.map((mistake) => `- ${inSentences(mistake)}`)].join('\n'),
    { mistakes, warnings },
  );
}
