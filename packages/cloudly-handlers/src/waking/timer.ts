/** Calls `onEnd` after this time, unless the returned function is called before. */
export type StartTimer = (durationMs: number, onEnd: () => void) => () => void;

export function startTimer(durationMs: number, onEnd: () => void): () => void {
  const timer = setTimeout(onEnd, durationMs);
  return () => clearTimeout(timer);
}
