/** Ends a process whose loop hangs. It never throws. */
export interface Watchdog {
  /** The loop makes progress. If it does not do so again within this time, it hangs. */
  expect(nextWithinMs: number): void;
  /** No loop runs: expect nothing until the next `expect`. */
  rest(): void;
}
