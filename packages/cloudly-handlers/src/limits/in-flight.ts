/** How many requests of a key are being answered. */
export interface InFlight {
  /** Takes a place; what it gives is to be called at the end. `undefined` where the key has all its places taken. */
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
