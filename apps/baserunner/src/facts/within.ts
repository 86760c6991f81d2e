/** What a probe gave, or that it gave nothing in time. */
export type Probed<Value> = { kind: 'done'; value: Value } | { kind: 'timeout'; timeoutMs: number };

/**
 * Waits for a probe no longer than it may take: one that hangs is left alone, and gets a signal for what it holds open. It
 * rejects only as the probe does.
 */
export async function within<Value>(
  timeoutMs: number,
  probe: (signal: AbortSignal) => Promise<Value>,
): Promise<Probed<Value>> {
  const over = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Probed<Value>>((resolve) => {
    timer = setTimeout(() => resolve({ kind: 'timeout', timeoutMs }), timeoutMs);
  });
  try {
    return await Promise.race([probe(over.signal).then((value) => ({ kind: 'done' as const, value })), late]);
  } finally {
    clearTimeout(timer);
    over.abort();
  }
}
