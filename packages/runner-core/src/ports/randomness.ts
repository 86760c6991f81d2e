/** Chance as BaseRunner sees it; a simulation brings a seeded one. */
export interface Randomness {
  /** Uniform in [0, 1). For jitter only. */
  fraction(): number;
  /** A UUID (RFC 9562, version 4). */
  uuid(): string;
  /** Bytes that cannot be guessed. */
  bytes(length: number): Uint8Array;
}

/** The chance of this machine: what must not be guessed comes from Web Crypto. */
export const systemRandomness: Randomness = {
  fraction: () => Math.random(),
  uuid: () => globalThis.crypto.randomUUID(),
  bytes: (length) => globalThis.crypto.getRandomValues(new Uint8Array(length)),
};
