/** SHA-256 of a text's UTF-8, in hexadecimal: at once where the runtime has Node's crypto, and otherwise by WebCrypto. */
export const sha256Hex: Sha256 = sha256On(globalThis);

export type Sha256 = (text: string) => string | Promise<string>;

/** What Node, Deno and Bun have, and other runtimes lack. */
export interface SomeRuntime {
  process?: { getBuiltinModule?: (this: void, name: 'node:crypto') => NodeCrypto | undefined };
}

interface NodeCrypto {
  createHash(this: void, algorithm: 'sha256'): HashInProgress;
  /** Node 20.12 and later. */
  hash?(this: void, algorithm: 'sha256', text: string): string;
}

interface HashInProgress {
  update(text: string): HashInProgress;
  digest(encoding: 'hex'): string;
}

/** WebCrypto hands every text to another thread and back, which costs many times as much as the hash of a token. */
export function sha256On({ process }: SomeRuntime): Sha256 {
  const crypto = process?.getBuiltinModule?.('node:crypto');
  if (!crypto) return hashByWebCrypto;
  const { createHash, hash = (algorithm, text) => createHash(algorithm).update(text).digest('hex') } = crypto;
  return (text) => hash('sha256', text);
}

async function hashByWebCrypto(text: string): Promise<string> {
  const digest = await globalThis.crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Compares hashes in a time that does not depend on where they differ. */
export function isSameHash(one: string, other: string): boolean {
  if (one.length !== other.length) return false;
  let difference = 0;
  for (let index = 0; index < one.length; index += 1) difference |= one.charCodeAt(index) ^ other.charCodeAt(index);
  return difference === 0;
}
