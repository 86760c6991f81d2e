/** A mistake in the environment that the operator must correct. It never holds a secret. */
export interface ConfigMistake {
  /** The variable to change, such as `BASEOS_CLOUDLY_URL`. */
  variable: string;
  /** What is expected there, in a few words. */
  expected: string;
  /** A sentence that names the variable, what is wrong with it, and what to do. */
  message: string;
  /**
   * Which node needs the setting: a newly created one, or one that no Cloudly knows yet. For any other node, the
   * mistake is only a warning. Absent: every node needs it.
   */
  neededBy?: 'new-node' | 'unenrolled-node' | undefined;
  /** The file that held the value is missing or empty. That is no mistake for a node that does not need the setting. */
  isTakenAway?: true | undefined;
}
