export interface Gathering<Item, Result> {
  /** Resolves with the result of the batch that the item is in. */
  ask(this: void, item: Item): Promise<Result>;
  /** Begins at once to work on everything that waits. Resolves when nothing waits. */
  flush(this: void): Promise<void>;
}

export interface GatheringOptions<Item, Result> {
  /** How long the first item of a batch waits for others while there is much to do. */
  gatherMs: number;
  batchMax: number;
  /** How many batches at a time. */
  parallelMax: number;
  /** Resolves with the results, in the order of the items. */
  work: (items: readonly Item[]) => Promise<readonly Result[]>;
}

interface Waiting<Item, Result> {
  item: Item;
  resolve: (result: Result) => void;
  reject: (error: unknown) => void;
}

/**
 * Gathers what many callers ask for within a moment, because one batch costs little more than one item. Nothing waits when
 * there is little to do: an item that is alone has its batch at the end of the turn. Soon after a batch the next one gathers.
 */
export function createGathering<Item, Result>(options: GatheringOptions<Item, Result>): Gathering<Item, Result> {
  const { gatherMs, batchMax, parallelMax, work } = options;
  const waiting: Waiting<Item, Result>[] = [];
  const running = new Set<Promise<void>>();
  let busyUntilMs = -Infinity;
  let isScheduled = false;

  const settle = async (batch: readonly Waiting<Item, Result>[]): Promise<void> => {
    try {
      const results = await work(batch.map(({ item }) => item));
      batch.forEach(({ resolve }, index) => resolve(results[index] as Result));
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  };

  const begin = (): Promise<void> => {
    const ended = settle(waiting.splice(0, batchMax)).finally(() => {
      running.delete(ended);
      busyUntilMs = performance.now() + gatherMs;
      schedule();
    });
    running.add(ended);
    return ended;
  };

  const beginDue = (): void => {
    isScheduled = false;
    while (waiting.length > 0 && running.size < parallelMax) void begin();
  };

  /** If all places are taken, the end of a batch does. */
  const schedule = (): void => {
    if (isScheduled || waiting.length === 0 || running.size >= parallelMax) return;
    isScheduled = true;
    if (running.size > 0 || performance.now() < busyUntilMs) setTimeout(beginDue, gatherMs);
    else queueMicrotask(beginDue);
  };

  return {
    ask: (item) =>
      new Promise((resolve, reject) => {
        waiting.push({ item, resolve, reject });
        schedule();
      }),
    async flush() {
      while (waiting.length > 0) void begin();
      await Promise.all(running);
    },
  };
}
