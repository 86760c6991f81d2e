import { createHash } from 'node:crypto';

/** What is stored of a secret with 256 random bits, in the place of it. */
export function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}
