const retryMinMs = 1000;
const lastTryBeforeEndMs = 2000;

/**
 * When a command that waits is tried next: after the time that it was given, and once more just before it expires, because
 * what it waits for may be over. By the monotonic clock. Pure.
 */
export function nextTryMs({
  nowMs,
  retryMs,
  expiresAtMs,
}: {
  nowMs: number;
  retryMs: number;
  expiresAtMs: number;
}): number {
  const soonestMs = nowMs + retryMinMs;
  const nextMs = Math.max(soonestMs, nowMs + retryMs);
  const lastMs = expiresAtMs - lastTryBeforeEndMs;
  return nextMs > lastMs && lastMs >= soonestMs ? lastMs : nextMs;
}
