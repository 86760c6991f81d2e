import { createHash, randomBytes } from 'node:crypto';

/** A token nobody can guess: 256 random bits, which also make a plain hash of it enough. */
export function mintToken(prefix: 'join' | 'node'): string {
  return `${prefix}_${randomBytes(32).toString('base64url')}`;
}

/** By which a token or key is kept and found. A look-up by hash tells by its time nothing of the secret. */
export function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}
