import { createHash, randomBytes } from 'node:crypto';

/** A token nobody can guess: 256 random bits, which also make a plain hash of it enough. */
export const mintToken = (prefix: 'join' | 'node'): string => `${prefix}_${randomBytes(32).toString('base64url')}`;

/** By which a token or key is kept and found. A look-up by hash tells by its time nothing of the secret. */
export const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('hex');
