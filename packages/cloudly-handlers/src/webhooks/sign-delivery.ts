import { bytesToBase64 } from './base64.js';

export interface SignedContent {
  /** The `webhook-id`. */
  id: string;
  atMs: number;
  body: string;
}

/** The headers of an attempt, as Standard Webhooks has them: one signature by each secret. */
export async function signDelivery(
  { id, atMs, body }: SignedContent,
  secrets: readonly string[],
): Promise<Record<string, string>> {
  const timestamp = String(Math.floor(atMs / 1000));
  const content = `${id}.${timestamp}.${body}`;
  const signatures = await Promise.all(secrets.map((secret) => sign(content, secret)));
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures.join(' ') };
}

/** HMAC-SHA256 by what follows the prefix of the secret. */
async function sign(content: string, secret: string): Promise<string> {
  const { subtle } = globalThis.crypto;
  const bytes = Uint8Array.from(atob(secret.slice(secret.indexOf('_') + 1)), (character) => character.charCodeAt(0));
  const key = await subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  const signature = await subtle.sign('HMAC', key, new TextEncoder().encode(content));
  return `v1,${bytesToBase64(new Uint8Array(signature))}`;
}
