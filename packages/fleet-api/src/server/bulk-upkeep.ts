import type { BulkRunner } from './bulk-runner.js';

const EVERY_MS = 60_000;

/** Looks for jobs that another process has left: at once, and then once a minute. */
export function createBulkUpkeep(
  { resume }: Pick<BulkRunner, 'resume'>,
  now: () => number,
  onError: (error: unknown) => void,
): () => void {
  let lookedAtMs: number | undefined;
  return () => {
    const nowMs = now();
    const isRecent = lookedAtMs !== undefined && nowMs >= lookedAtMs && nowMs - lookedAtMs < EVERY_MS;
    if (isRecent) return;
    lookedAtMs = nowMs;
    void resume().catch(onError);
  };
}
