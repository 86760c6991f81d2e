/** What can be killed and started again. */
export interface Victim {
  kill(): Promise<void>;
  /** Resolves once it works again. */
  startAgain(): Promise<void>;
}
