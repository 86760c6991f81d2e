import { createHash } from 'node:crypto';
import { readToken } from '@serve.zone/baseos-contracts';
import type { Secret } from '../values/secret.js';

const FINGERPRINT_LENGTH = 8;

/**
 * What a node token is called where people read it: the ID by which its Cloudly lists it, or for one of another form the
 * beginning of its SHA-256.
 */
export function nameOfToken(token: Secret): string {
  const reading = readToken('node', token.reveal());
  if (reading.kind === 'well-formed') return `bnt_${reading.id}`;
  const digest = createHash('sha256').update(token.reveal()).digest('hex');
  return `sha256:${digest.slice(0, FINGERPRINT_LENGTH)}`;
}
