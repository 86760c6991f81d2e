export interface Drain {
  /** Does the work and resolves with its result, or with nothing if the shutdown has begun. */
  run<Result>(this: void, work: () => Promise<Result>): Promise<Result | undefined>;
  /** Accepts no further work, and resolves when all accepted work is done. */
  drain(this: void): Promise<void>;
}

export function createDrain(): Drain {
  const inFlight = new Set<Promise<unknown>>();
  let isDraining = false;

  return {
    async run(work) {
      if (isDraining) return undefined;
      const result = work();
      inFlight.add(result);
      try {
        return await result;
      } finally {
        inFlight.delete(result);
      }
    },
    async drain() {
      isDraining = true;
      await Promise.allSettled(inFlight);
    },
  };
}
