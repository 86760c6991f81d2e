export interface DeadlineOptions {
  /** @default none */
  timeoutMs?: number | undefined;
  signal?: AbortSignal | undefined;
}

/**
 * Does `work` within a deadline. At the deadline, or if the caller's `signal` aborts, it aborts the controller and stops
 * waiting, even if `work` ignores the controller. Rejects with the reason of `signal`, or as `work` does.
 */
export async function withinDeadline<Outcome>(
  { timeoutMs, signal }: DeadlineOptions,
  work: (controller: AbortController) => Promise<Outcome>,
): Promise<Outcome | { kind: 'timed-out' }> {
  signal?.throwIfAborted();
  const controller = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let onAbort: (() => void) | undefined;
  const interrupted = new Promise<'timed-out' | 'aborted'>((resolve) => {
    if (timeoutMs !== undefined) timer = setTimeout(() => resolve('timed-out'), timeoutMs);
    onAbort = () => resolve('aborted');
    signal?.addEventListener('abort', onAbort, { once: true });
  });

  let isDone = false;
  try {
    const first = await Promise.race([interrupted, work(controller)]);
    if (first === 'aborted') throw signal?.reason;
    if (first === 'timed-out') return { kind: 'timed-out' };
    isDone = true;
    return first;
  } finally {
    clearTimeout(timer);
    if (onAbort !== undefined) signal?.removeEventListener('abort', onAbort);
    // Ends whatever is still in progress, so that no socket outlives the call.
    if (!isDone) controller.abort();
  }
}
