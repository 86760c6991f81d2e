import { createHash, randomBytes } from 'node:crypto';

/** A token of 256 random bits, for which a plain hash is sufficient. */
export function mintToken(prefix: 'join' | 'node'): string {
  return `${prefix}_${randomBytes(32).toString('base64url')}`;
}

/**
 * The hash under which a token or key is stored and found. The duration of a look-up by hash reveals nothing about the
 * secret.
 */
export function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}
