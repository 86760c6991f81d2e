/** Digests of credentials that were valid a short time ago. */
export interface KnownCredentials {
  has(this: void, digest: string, nowMs: number): boolean;
  add(this: void, digest: string, nowMs: number): void;
}

const KEPT_MS = 300_000;
const KEPT_MAX = 10_000;

export function createKnownCredentials(): KnownCredentials {
  const seenAtMs = new Map<string, number>();
  return {
    has(digest, nowMs) {
      const atMs = seenAtMs.get(digest);
      // A clock that was set back must not keep them.
      return atMs !== undefined && nowMs >= atMs && nowMs - atMs < KEPT_MS;
    },
    add(digest, nowMs) {
      seenAtMs.delete(digest);
      seenAtMs.set(digest, nowMs);
      if (seenAtMs.size <= KEPT_MAX) return;
      const [oldest] = seenAtMs.keys();
      if (oldest !== undefined) seenAtMs.delete(oldest);
    },
  };
}
