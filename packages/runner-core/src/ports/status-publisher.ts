/** Where the agent makes its live status known on the device. It never throws. */
export interface StatusPublisher {
  /** Replaces what was published: the text of each file by its name. */
  publish(files: Readonly<Record<string, string>>): Promise<void>;
  /** Withdraws what was published: the agent no longer runs. */
  withdraw(): Promise<void>;
}
