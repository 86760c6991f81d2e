import { createHash } from 'node:crypto';
import type { RuntimeStatus } from '@serve.zone/baseos-contracts';
import { canonicalJson } from '../values/canonical-json.js';

/** The node's digest of its status: SHA-256, as base64url, of its canonical JSON. */
export function statusHash(status: RuntimeStatus): string {
  return createHash('sha256').update(canonicalJson(status)).digest('base64url');
}
