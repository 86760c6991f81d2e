import type { ApiTokenRecord } from './accounts.js';

/** Whether an API token lets its program call, as far as it is up to the token. */
export function isUsableApiToken({ revokedAtMs, expiresAtMs = Infinity }: ApiTokenRecord, nowMs: number): boolean {
  return revokedAtMs === undefined && nowMs < expiresAtMs;
}
