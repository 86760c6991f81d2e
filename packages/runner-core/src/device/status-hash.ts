import { createHash } from 'node:crypto';
import type { RuntimeStatus } from '@serve.zone/baseos-contracts';

/** The node's digest of its status: SHA-256, as base64url, of its canonical JSON. */
export function statusHash(status: RuntimeStatus): string {
  return createHash('sha256').update(canonicalJson(status)).digest('base64url');
}

/** JSON with the keys of every object in order, so that equal values give equal texts. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).toSorted(([one], [other]) => (one < other ? -1 : 1)))
      : member,
  );
}
