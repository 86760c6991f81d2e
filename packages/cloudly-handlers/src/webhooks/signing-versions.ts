import type { Webhook } from '../fleet-store/webhook.js';

/** How long the secret before signs, too, so that receivers have the time to change it. */
export const OLD_SECRET_SIGNS_MS = 24 * 3_600_000;

/** The versions of the secret that sign at this time, the newest first. */
export function signingVersions(
  { secretVersion, secretChangedAtMs }: Pick<Webhook, 'secretVersion' | 'secretChangedAtMs'>,
  nowMs: number,
): number[] {
  const isRecent = secretVersion > 1 && nowMs < secretChangedAtMs + OLD_SECRET_SIGNS_MS;
  return isRecent ? [secretVersion, secretVersion - 1] : [secretVersion];
}
