export interface Drain {
  /** Does the work and resolves with its result, or with nothing if the shutdown has begun. */
  run<Result>(this: void, work: () => Promise<Result>): Promise<Result | undefined>;
  /** Accepts no further work, and resolves when all accepted work is done. */
  drain(this: void): Promise<void>;
}

export function createDrain(): Drain {
  let inFlightCount = 0;
  let isDraining = false;
  let endDraining: (() => void) | undefined;
  const drained = new Promise<void>((resolve) => (endDraining = resolve));

  const endIfDrained = (): void => {
    if (isDraining && inFlightCount === 0) endDraining?.();
  };

  return {
    async run(work) {
      if (isDraining) return undefined;
      inFlightCount += 1;
      try {
        return await work();
      } finally {
        inFlightCount -= 1;
        endIfDrained();
      }
    },
    drain() {
      isDraining = true;
      endIfDrained();
      return drained;
    },
  };
}
