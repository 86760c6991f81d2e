import { bytesToBase64 } from './base64.js';

/** In front of every secret of Standard Webhooks. */
const PREFIX = 'whsec_';
const SECRET_BYTES = 32;

/** The secret of a version of a webhook, as its receiver needs it: it follows from the server key, and is stored nowhere. */
export async function deriveSecret(serverKey: Uint8Array, webhookId: string, version: number): Promise<string> {
  return PREFIX + bytesToBase64(await derive(serverKey, `webhook secret ${webhookId} ${version}`, SECRET_BYTES));
}

/** Tells two server keys apart, and says nothing about either. */
export async function keyFingerprint(serverKey: Uint8Array): Promise<string> {
  const bytes = await derive(serverKey, 'server key fingerprint', 8);
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** HKDF-SHA256 (RFC 5869). */
async function derive(serverKey: Uint8Array, purpose: string, byteCount: number): Promise<Uint8Array> {
  const { subtle } = globalThis.crypto;
  const key = await subtle.importKey('raw', new Uint8Array(serverKey), 'HKDF', false, ['deriveBits']);
  const info = new TextEncoder().encode(`serve.zone baseos ${purpose}`);
  const parameters = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(0), info };
  return new Uint8Array(await subtle.deriveBits(parameters, key, byteCount * 8));
}
