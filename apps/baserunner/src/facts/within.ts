/** The result of a probe, or its timeout. */
export type Probed<Value> = { kind: 'done'; value: Value } | { kind: 'timeout'; timeoutMs: number };

/**
 * Waits for a probe, but no longer than its timeout. A probe that hangs is abandoned; its signal aborts so that it can close what
 * it opened. It rejects only if the probe rejects.
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
