/** Events in order. A wait for an event that has already happened ends at once. */
export class EventLog<Entry> {
  readonly entries: Entry[] = [];
  readonly #waiting = new Set<(entry: Entry) => void>();

  add(entry: Entry): void {
    this.entries.push(entry);
    for (const look of this.#waiting) look(entry);
  }

  /** The first entry that fits, whether it is there or still to come. `from` leaves out so many at the beginning. */
  async find<Found extends Entry>(fits: (entry: Entry) => entry is Found, from = 0): Promise<Found> {
    const found = this.entries.slice(from).find((entry) => fits(entry));
    if (found !== undefined) return found;
    return new Promise((resolve) => {
      const look = (entry: Entry): void => {
        if (!fits(entry)) return;
        this.#waiting.delete(look);
        resolve(entry);
      };
      this.#waiting.add(look);
    });
  }
}
