/** Something in the environment that the operator has to put right. It never holds a secret. */
export interface ConfigMistake {
  /** The variable to change, such as `BASEOS_CLOUDLY_URL`. */
  variable: string;
  /** What is expected there, in a few words. */
  expected: string;
  /** A sentence that names the variable, what is wrong with it, and what to do. */
  message: string;
}
