import type { Clock } from '../ports/clock.js';
import { ReadTimeout } from './read-timeout.js';

/** One read of the Supervisor: what it gave, or why it gave nothing. */
export type Read<Value> = { ok: true; value: Value } | { ok: false; error: unknown };

type Reads = Readonly<Record<string, (signal: AbortSignal) => Promise<unknown>>>;
type Readings<Made extends Reads> = { [Name in keyof Made]: Read<Awaited<ReturnType<Made[Name]>>> };

export interface ReadBounds {
  clock: Clock;
  signal: AbortSignal;
  /** For all reads together. */
  budgetMs: number;
}

/**
 * Makes all reads at the same time, without retries. It never rejects, and always resolves within the budget or when
 * `signal` aborts.
 */
export async function readWithin<Made extends Reads>(reads: Made, bounds: ReadBounds): Promise<Readings<Made>> {
  const { clock, signal, budgetMs } = bounds;
  const tooSlow = new ReadTimeout(budgetMs);
  const over = new AbortController();
  const end = () => over.abort(tooSlow);
  signal.addEventListener('abort', end);
  if (signal.aborted) end();
  void clock.sleep(budgetMs, over.signal).then(end);
  const readings = await Promise.all(
    Object.entries(reads).map(async ([name, read]) => [
      name,
      await settle(async () => read(over.signal), over.signal, tooSlow),
    ]),
  );
  signal.removeEventListener('abort', end);
  end();
  return Object.fromEntries(readings) as Readings<Made>;
}

async function settle<Value>(
  read: () => Promise<Value>,
  over: AbortSignal,
  tooSlow: ReadTimeout,
): Promise<Read<Value>> {
  return new Promise((resolve) => {
    const giveUp = () => resolve({ ok: false, error: tooSlow });
    over.addEventListener('abort', giveUp, { once: true });
    if (over.aborted) return giveUp();
    read().then(
      (value) => resolve({ ok: true, value }),
      (error: unknown) => resolve({ ok: false, error: over.aborted ? tooSlow : error }),
    );
  });
}
