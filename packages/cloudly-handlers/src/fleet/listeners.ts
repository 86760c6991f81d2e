/** Those who want to be told. */
export interface Listeners<Told extends readonly unknown[]> {
  /** Also a function that listens already. Returns how to end it. */
  add(this: void, listener: (...told: Told) => void): () => void;
  /** What a listener throws is its own affair: it fails neither the others nor what they are told of. */
  tell(this: void, ...told: Told): void;
  count(this: void): number;
  clear(this: void): void;
}

export function createListeners<Told extends readonly unknown[]>(): Listeners<Told> {
  const listeners = new Set<(...told: Told) => void>();
  return {
    add(listener) {
      const added = (...told: Told): void => listener(...told);
      listeners.add(added);
      return () => void listeners.delete(added);
    },
    tell(...told) {
      for (const listener of listeners) {
        try {
          listener(...told);
        } catch {
          // What is told has happened already.
        }
      }
    },
    count: () => listeners.size,
    clear: () => listeners.clear(),
  };
}
