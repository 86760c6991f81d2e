import type { ParsedValue } from './parse-value.js';

/**
 * The certificates in a text, each as PEM again. Dashboards turn line breaks into `\n` or spaces: a block is read whatever
 * stands between its lines.
 */
export function certificateAuthorities(text: string): ParsedValue<readonly string[]> {
  if (text.trim() === '') return refuse('which is empty');
  const lines = text.replaceAll(/\\r|\\n/g, '\n');
  if (/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(lines)) {
    return refuse('which contains a private key; only the authority itself may have that');
  }
  const bodies = [...lines.matchAll(block)].map(([, body = '']) => body.replaceAll(/\s+/g, ''));
  const begun = lines.split(BEGIN).length - 1;
  if (bodies.length === 0 && begun === 0) return refuse('which contains no certificate in PEM');
  if (bodies.length < begun)
    return refuse(`whose certificate ${bodies.length + 1} has no end or contains other characters`);
  const certificates = bodies.map(toPem);
  const unreadable = certificates.findIndex((pem) => !isCertificate(pem));
  if (unreadable >= 0) return refuse(`whose certificate ${unreadable + 1} of ${certificates.length} cannot be read`);
  return { ok: true, value: certificates };
}

const BEGIN = '-----BEGIN CERTIFICATE-----';
const END = '-----END CERTIFICATE-----';
const block = new RegExp(`${BEGIN}([A-Za-z0-9+/=\\s]+)${END}`, 'g');

function toPem(body: string): string {
  return `${BEGIN}\n${body.replaceAll(/.{64}/g, '$&\n').trimEnd()}\n${END}\n`;
}

function isCertificate(pem: string): boolean {
  const { X509Certificate } = process.getBuiltinModule('node:crypto');
  try {
    return new X509Certificate(pem).subject !== undefined;
  } catch {
    return false;
  }
}

function refuse(problem: string): { ok: false; problem: string } {
  return { ok: false, problem };
}
