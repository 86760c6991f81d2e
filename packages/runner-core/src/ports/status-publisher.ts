/** Where the agent makes its live status known on the device; a simulation leaves it out. It never throws. */
export interface StatusPublisher {
  /** Replaces what was published. The text of each file by its name. */
  publish(files: Readonly<Record<string, string>>): Promise<void>;
  /** Takes back what was published: no agent runs any more. */
  withdraw(): Promise<void>;
}

/** Publishes nothing. */
export const noPublisher: StatusPublisher = {
  publish: async () => undefined,
  withdraw: async () => undefined,
};
