/** Whoever ends a process whose loop hangs. It never throws. */
export interface Watchdog {
  /** The loop goes on. If it does not do so again within this time, it hangs. */
  expect(nextWithinMs: number): void;
  /** No loop runs: nothing is to be expected, until the next `expect`. */
  rest(): void;
}
