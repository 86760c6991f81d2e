import { randomBytes } from 'node:crypto';
import type { PublicAddress } from '../doors/public-address.js';

const SECRET_BYTES = 32;

/** On https, no other host and no plain page can set a cookie of this name. */
function nameOf({ isHttps }: PublicAddress): string {
  return isHttps ? '__Host-cloudly-session' : 'cloudly-session';
}

/** 256 random bits. */
export function newSessionSecret(): string {
  return randomBytes(SECRET_BYTES).toString('base64url');
}

/** The secret that a browser sends; `undefined` for none, and for two, of which one would not be ours. */
export function sessionSecretOf(cookie: string | null | undefined, address: PublicAddress): string | undefined {
  const name = nameOf(address);
  const secrets = (cookie ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1));
  return secrets.length === 1 && /^[\w-]{43}$/.test(secrets[0] ?? '') ? secrets[0] : undefined;
}

/** Until it ends at the latest. */
export function sessionCookie(secret: string, maxAgeMs: number, address: PublicAddress): string {
  return `${nameOf(address)}=${secret}; Max-Age=${Math.floor(maxAgeMs / 1000)}; ${attributesOf(address)}`;
}

export function noSessionCookie(address: PublicAddress): string {
  return `${nameOf(address)}=; Max-Age=0; ${attributesOf(address)}`;
}

function attributesOf({ isHttps }: PublicAddress): string {
  return `Path=/; HttpOnly; SameSite=Strict${isHttps ? '; Secure' : ''}`;
}
