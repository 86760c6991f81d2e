/** Something in the environment that the operator has to put right. It never holds a secret. */
export interface ConfigMistake {
  /** The variable to change, such as `BASEOS_CLOUDLY_URL`. */
  variable: string;
  /** What is expected there, in a few words. */
  expected: string;
  /** A sentence that names the variable, what is wrong with it, and what to do. */
  message: string;
  /**
   * Which node needs the setting: one that is made anew, or one that no Cloudly knows yet. For any other the mistake is
   * worth a warning and no more. Absent: every node needs it.
   */
  neededBy?: 'new-node' | 'unenrolled-node' | undefined;
  /** Its value was taken away: the file that held it is missing or empty. Where nobody needs it, that is as it should be. */
  isTakenAway?: true | undefined;
}
