import type { Problem } from '../values/problem.js';
import type { ConfigMistakeCode } from './config-codes.js';

/** A mistake in the environment that the operator must correct. It never holds a secret. */
export interface ConfigMistake extends Problem {
  code: ConfigMistakeCode;
  /** The variable to change, such as `BASEOS_CLOUDLY_URL`. */
  variable: string;
  /** What a value looks like, in a few words; absent where the value is not what is wrong. */
  expected?: string | undefined;
  /**
   * Which node needs the setting: a newly created one, or one that no Cloudly knows yet. For any other node, the
   * mistake is only a warning. Absent: every node needs it.
   */
  neededBy?: 'new-node' | 'unenrolled-node' | undefined;
  /** The file that held the value is missing or empty. That is no mistake for a node that does not need the setting. */
  isTakenAway?: true | undefined;
}
