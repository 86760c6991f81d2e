import { randomBytes } from 'node:crypto';
import { composeToken } from '@serve.zone/baseos-contracts';
import { hashOf } from './hash-of.js';

/** A new API token or invitation: 64 random bits that name it, and 256 secret ones. */
export function mintSecret(kind: 'api' | 'invitation'): { id: string; token: string; hash: string } {
  const { id, token } = composeToken(kind, { id: randomBytes(8), secret: randomBytes(32) });
  return { id, token, hash: hashOf(token) };
}
