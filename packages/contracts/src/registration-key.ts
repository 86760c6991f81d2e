/**
 * The key by which a node proves to one Cloudly that it is the node that registered before:
 * base64url(HMAC-SHA-256(nodeSecret, origin)). It is worthless to another Cloudly, and does not give the secret away.
 *
 * @param nodeSecret 32 random bytes that never leave the node.
 * @param cloudlyOrigin As `URL.origin` writes it, such as `https://cloudly.example`.
 */
export const deriveRegistrationKey = async (nodeSecret: Uint8Array, cloudlyOrigin: string): Promise<string> => {
  const { subtle } = globalThis.crypto;
  const key = await subtle.importKey('raw', new Uint8Array(nodeSecret), { name: 'HMAC', hash: 'SHA-256' }, false, [
    'sign',
  ]);
  return base64Url(new Uint8Array(await subtle.sign('HMAC', key, new TextEncoder().encode(cloudlyOrigin))));
};

/** Crockford's base32: no I, L, O, U, so that it survives being read aloud. */
const CROCKFORD_ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const APPROVAL_CODE_LENGTH = 8;

/**
 * Eight characters that the device logs and Cloudly shows beside a node that waits for approval, so that an operator
 * approves the right one: the start of SHA-256 over the registration key, in Crockford's base32.
 */
export const approvalCode = async (registrationKey: string): Promise<string> => {
  const digest = await globalThis.crypto.subtle.digest('SHA-256', new TextEncoder().encode(registrationKey));
  const bits = new DataView(digest).getBigUint64(0) >> BigInt(64 - APPROVAL_CODE_LENGTH * 5);
  return Array.from({ length: APPROVAL_CODE_LENGTH }, (_, index) => {
    const shift = BigInt((APPROVAL_CODE_LENGTH - 1 - index) * 5);
    return CROCKFORD_ALPHABET.charAt(Number((bits >> shift) & 31n));
  }).join('');
};

const base64Url = (bytes: Uint8Array): string =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
