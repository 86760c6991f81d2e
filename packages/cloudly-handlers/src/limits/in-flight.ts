/** Limits how many requests of a key are processed at the same time. */
export interface InFlight {
  /** Takes a place and returns a function that frees it; `undefined` if all places of the key are taken. */
  enter(this: void, key: string): (() => void) | undefined;
}

export function createInFlight(maxPerKey: number): InFlight {
  const counts = new Map<string, number>();
  return {
    enter(key) {
      const count = counts.get(key) ?? 0;
      if (count >= maxPerKey) return undefined;
      counts.set(key, count + 1);
      return () => {
        const left = (counts.get(key) ?? 1) - 1;
        if (left === 0) counts.delete(key);
        else counts.set(key, left);
      };
    },
  };
}
