import { createHash } from 'node:crypto';
import type { Secret } from '../values/secret.js';

/** The form of Cloudly's own tokens; the part in the middle is their ID. */
const ownForm = /^bnt_([0-9A-Za-z]{11})_[0-9A-Za-z]{49}$/;
const FINGERPRINT_LENGTH = 8;

/**
 * What a node token is called where people read it: the ID by which its Cloudly lists it, or for one of another form the
 * beginning of its SHA-256.
 */
export function nameOfToken(token: Secret): string {
  const id = ownForm.exec(token.reveal())?.[1];
  if (id !== undefined) return `bnt_${id}`;
  const digest = createHash('sha256').update(token.reveal()).digest('hex');
  return `sha256:${digest.slice(0, FINGERPRINT_LENGTH)}`;
}
