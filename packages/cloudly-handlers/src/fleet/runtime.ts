/** The runtime's clock and random numbers, used by default. */
export const runtime = {
  now: Date.now,
  monotonicMs: (): number => performance.now(),
  randomBytes: (byteCount: number): Uint8Array => globalThis.crypto.getRandomValues(new Uint8Array(byteCount)),
  random: Math.random,
} as const;
