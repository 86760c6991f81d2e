import type { NoVerdict } from '@serve.zone/baseos-cloudly-connector';

/**
 * The outcome of one call to Cloudly; `aborted` as soon as `abandon` aborts. A connector that does not return, or that
 * rejects although it must not, neither blocks nor ends the loop.
 */
export async function callCloudly<Outcome>(
  call: () => Promise<Outcome>,
  abandon: AbortSignal,
): Promise<Outcome | Extract<NoVerdict, { kind: 'aborted' | 'unreachable' }>> {
  return new Promise((resolve) => {
    const giveUp = () => resolve({ kind: 'aborted' });
    abandon.addEventListener('abort', giveUp, { once: true });
    if (abandon.aborted) return giveUp();
    call()
      .catch((error: unknown) => ({
        kind: 'unreachable' as const,
        reason: 'call-failed',
        message: error instanceof Error ? error.message : String(error),
      }))
      .then(resolve, resolve)
      .finally(() => abandon.removeEventListener('abort', giveUp));
  });
}
