/**
 * The key by which a node proves to one Cloudly that it is the node that registered before:
 * base64url(HMAC-SHA-256(nodeSecret, origin)). It is useless for another Cloudly, and does not reveal the secret.
 *
 * @param nodeSecret 32 random bytes that never leave the node.
 * @param cloudlyOrigin As `URL.origin` writes it, such as `https://cloudly.example`.
 */
export async function deriveRegistrationKey(nodeSecret: Uint8Array, cloudlyOrigin: string): Promise<string> {
  const { subtle } = globalThis.crypto;
  const key = await subtle.importKey('raw', new Uint8Array(nodeSecret), { name: 'HMAC', hash: 'SHA-256' }, false, [
    'sign',
  ]);
  return base64Url(new Uint8Array(await subtle.sign('HMAC', key, new TextEncoder().encode(cloudlyOrigin))));
}

/** Crockford's base32: no I, L, O, U, so that it survives being read aloud. */
const CROCKFORD_ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
/** 80 bits: too many to try keys until one has the code of another device. */
const APPROVAL_CODE_LENGTH = 16;

/**
 * The code that both the device logs and Cloudly shows for a node that waits for approval, so that an operator approves
 * the right one: the first 80 bits of SHA-256 over the registration key, in Crockford's base32, in four groups such as
 * `4T9W-0GZ7-KM2P-X6QA`.
 */
export async function approvalCode(registrationKey: string): Promise<string> {
  const digest = await globalThis.crypto.subtle.digest('SHA-256', new TextEncoder().encode(registrationKey));
  const bits = Array.from(new Uint8Array(digest), (byte) => byte.toString(2).padStart(8, '0')).join('');
  const characters = Array.from({ length: APPROVAL_CODE_LENGTH }, (_, index) =>
    CROCKFORD_ALPHABET.charAt(Number.parseInt(bits.slice(index * 5, index * 5 + 5), 2)),
  );
  return grouped(characters.join(''));
}

/**
 * The approval code that a person has typed, as {@link approvalCode} writes it: case, hyphens and spaces do not count, and
 * O, I and L are read as the digits that they look like.
 *
 * @returns `undefined` for an invalid approval code.
 */
export function parseApprovalCode(typed: string): string | undefined {
  const characters = typed.replace(/[\s-]/g, '').toUpperCase().replaceAll('O', '0').replace(/[IL]/g, '1');
  const isCode = characters.length === APPROVAL_CODE_LENGTH && /^[0-9A-HJKMNP-TV-Z]+$/.test(characters);
  return isCode ? grouped(characters) : undefined;
}

function grouped(characters: string): string {
  return characters.match(/.{4}/g)?.join('-') ?? '';
}

function base64Url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}
