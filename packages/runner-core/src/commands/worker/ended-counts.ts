import { commandKinds, type CommandOutcome, commandOutcomes } from '@serve.zone/baseos-contracts';

/** How many commands of a kind ended in one way. */
export interface EndedCount {
  /** `other` stands for every kind that this version does not know. */
  kind: string;
  outcome: CommandOutcome;
  count: number;
}

/** How the commands ended since the agent started. */
export class EndedCounts {
  readonly #counts = new Map<string, EndedCount>();

  add(kind: string, outcome: string): void {
    const known = commandKinds.find((each) => each === kind) ?? 'other';
    const ended = commandOutcomes.find((each) => each === outcome);
    if (ended === undefined) return;
    const key = `${known} ${ended}`;
    this.#counts.set(key, { kind: known, outcome: ended, count: (this.#counts.get(key)?.count ?? 0) + 1 });
  }

  /** Nothing where no command has ended. */
  get all(): EndedCount[] | undefined {
    return this.#counts.size > 0 ? [...this.#counts.values()] : undefined;
  }
}
