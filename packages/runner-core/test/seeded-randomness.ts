import { Buffer } from 'node:buffer';
import type { Randomness } from '../src/ports/randomness.js';

/** Chance that a seed decides: the same seed gives the same numbers. By mulberry32, which is good enough for jitter. */
export function seededRandomness(seed: number): Randomness {
  let state = Math.imul(seed, 0x9e37_79b1);
  const fraction = (): number => {
    state = (state + 0x6d2b_79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const bytes = (length: number): Uint8Array<ArrayBuffer> =>
    Uint8Array.from({ length }, () => Math.floor(fraction() * 256));
  const uuid = (): string => {
    const hex = Buffer.from(bytes(16)).toString('hex');
    const variant = (8 + (parseInt(hex.slice(16, 17), 16) % 4)).toString(16);
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}`;
  };
  return { fraction, bytes, uuid };
}
