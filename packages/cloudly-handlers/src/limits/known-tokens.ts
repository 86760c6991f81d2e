/** Tokens that were valid when they were last checked. A request with one of them justifies a look-up in the store. */
export interface KnownTokens {
  has(this: void, hash: string): boolean;
  add(this: void, hash: string): void;
  /** For a token that is no longer valid. */
  remove(this: void, hash: string): void;
  /** Reads all of them again, in the background and not too often. Returns whether they are being read now. */
  refresh(this: void): boolean;
}

export interface KnownTokensOptions {
  /** Hashes of all valid tokens. */
  load: () => AsyncIterable<string>;
  report: (error: unknown) => void;
  /** Milliseconds since 1970. */
  now: () => number;
}

/** This reads the whole fleet. */
const REFRESH_EVERY_MS = 60_000;

/** Some 20 MB at most. */
const TOKENS_MAX = 500_000;

/**
 * Remembers valid tokens by 52 bits of their hashes. A guess that hits one costs only a look-up in the store; a valid
 * token that is missing has the limits of a guess until all tokens are read again.
 */
export function createKnownTokens({ load, report, now }: KnownTokensOptions): KnownTokens {
  let known = new Set<number>();
  let fresh: Set<number> | undefined;
  let lastReadAtMs: number | undefined;

  const addTo = (tokens: Set<number>, hash: string): void => {
    if (tokens.size < TOKENS_MAX) tokens.add(shortened(hash));
  };

  const readAll = async (into: Set<number>): Promise<void> => {
    try {
      for await (const hash of load()) addTo(into, hash);
      known = into;
    } catch (error) {
      report(error);
    } finally {
      fresh = undefined;
    }
  };

  return {
    has: (hash) => known.has(shortened(hash)),
    add(hash) {
      addTo(known, hash);
      if (fresh) addTo(fresh, hash);
    },
    remove(hash) {
      known.delete(shortened(hash));
      fresh?.delete(shortened(hash));
    },
    refresh() {
      if (fresh) return true;
      const nowMs = now();
      const isRecent = lastReadAtMs !== undefined && nowMs - lastReadAtMs < REFRESH_EVERY_MS && nowMs >= lastReadAtMs;
      if (isRecent) return false;
      lastReadAtMs = nowMs;
      fresh = new Set();
      void readAll(fresh);
      return true;
    },
  };
}

const SHORTENED_LENGTH = 13;

function shortened(hash: string): number {
  return Number.parseInt(hash.slice(0, SHORTENED_LENGTH), 16);
}
