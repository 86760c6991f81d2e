import { randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** A guess: a token with a valid form and checksum that was never issued. */
export function wellFormedToken(prefix: 'bjt' | 'bnt'): string {
  const unchecked = `${prefix}_${randomText(11)}_${randomText(43)}`;
  let checksum = '';
  for (let rest = crc32(unchecked); checksum.length < 6; rest = Math.floor(rest / 62)) {
    checksum = ALPHABET.charAt(rest % 62) + checksum;
  }
  return unchecked + checksum;
}

function randomText(length: number): string {
  return Array.from(randomBytes(length), (byte) => ALPHABET.charAt(byte % ALPHABET.length)).join('');
}
