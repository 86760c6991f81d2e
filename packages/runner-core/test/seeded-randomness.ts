import { Buffer } from 'node:buffer';
import { seededRandom } from '@serve.zone/baseos-testing/chance/seeded-random';
import type { Randomness } from '../src/ports/randomness.js';

/** Chance that a seed decides: the same seed gives the same numbers. */
export function seededRandomness(seed: number): Randomness {
  // Seeds that follow each other give numbers that have nothing in common.
  const fraction = seededRandom(Math.imul(seed, 0x9e37_79b1));
  const bytes = (length: number): Uint8Array<ArrayBuffer> =>
    Uint8Array.from({ length }, () => Math.floor(fraction() * 256));
  const uuid = (): string => {
    const hex = Buffer.from(bytes(16)).toString('hex');
    const variant = (8 + (parseInt(hex.slice(16, 17), 16) % 4)).toString(16);
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}`;
  };
  return { fraction, bytes, uuid };
}
