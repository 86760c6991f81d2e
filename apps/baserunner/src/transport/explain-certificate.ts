import type { DetailedPeerCertificate } from 'node:tls';
import type { TransportFailureDetails } from '@serve.zone/baseos-cloudly-connector';

type Name = Readonly<Record<string, string | string[] | undefined>>;

/** The parts of a certificate that are used here. */
export type PeerCertificate = Pick<DetailedPeerCertificate, 'valid_from' | 'valid_to' | 'subjectaltname'> & {
  subject: Name;
  issuer: Name;
  issuerCertificate?: PeerCertificate | undefined;
};

export interface CertificateSituation {
  /** The certificate that the other side showed, if it got that far. */
  certificate: PeerCertificate | undefined;
  /** The host that it should be issued for. */
  hostname: string;
  /** The variable that contains the host. */
  variable: string;
  /** By the device's clock. */
  nowMs: number;
}

/**
 * Why a certificate was rejected, its details and what to check; undefined for any other error. Certificates come
 * from an unknown server: quotes of them are short and printable.
 */
export function explainCertificate(
  code: string | undefined,
  { certificate, hostname, variable, nowMs }: CertificateSituation,
): TransportFailureDetails | undefined {
  if (code === undefined || !certificate) return undefined;
  if (code === 'CERT_NOT_YET_VALID' || code === 'CERT_HAS_EXPIRED') {
    return { reason: code, ...explainValidity(code, certificate, nowMs) };
  }
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID' || code === 'HOSTNAME_MISMATCH') {
    return { reason: code, ...explainNames(certificate, hostname, variable) };
  }
  return untrusted.has(code) ? { reason: code, ...explainIssuer(code, certificate) } : undefined;
}

const untrusted: ReadonlySet<string> = new Set([
  'CERT_UNTRUSTED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'INVALID_CA',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

function explainValidity(code: string, certificate: PeerCertificate, nowMs: number) {
  const isOutside = (link: PeerCertificate): boolean =>
    nowMs < Date.parse(link.valid_from) || nowMs > Date.parse(link.valid_to);
  const { valid_from: from, valid_to: to, subject } = chainOf(certificate).find(isOutside) ?? certificate;
  const problem = code === 'CERT_NOT_YET_VALID' ? 'is not valid yet' : 'has expired';
  return {
    explanation: `the certificate of ${quoteName(subject)} ${problem}: it is valid from ${formatTime(from)} to ${formatTime(to)}, and it is ${formatTime(nowMs)} by the clock of this device`,
    remedy:
      "If the device's time is wrong, make sure the device can reach an NTP server (UDP port 123). If the time is right, renew the certificate.",
  };
}

function explainNames({ subject, subjectaltname = '' }: PeerCertificate, hostname: string, variable: string) {
  const names = subjectaltname.split(',').map((name) => printable(name.trim().replace(/^(DNS|IP Address):/, '')));
  const listed = names.filter((name) => name !== '').slice(0, NAMES_MAX);
  const more = names.length > NAMES_MAX ? ` and ${names.length - NAMES_MAX} more` : '';
  const owners = listed.length > 0 ? `${listed.join(', ')}${more}` : `${quoteName(subject)} without a host name`;
  return {
    explanation: `its certificate was issued for ${owners}, not for ${hostname}`,
    remedy: `Check the host name in ${variable} and the address that it resolves to. If both are right, give the server a certificate for ${hostname}.`,
  };
}

function explainIssuer(code: string, certificate: PeerCertificate) {
  const top = chainOf(certificate).at(-1) ?? certificate;
  return {
    explanation:
      code === 'DEPTH_ZERO_SELF_SIGNED_CERT'
        ? `its certificate is self-signed (${quoteName(certificate.subject)}) and not trusted on this device`
        : `its certificate was issued by ${quoteName(top.issuer)}, which is not trusted on this device`,
    remedy:
      'If that is your own certificate authority, set BASEOS_CA_FILE or BASEOS_CA_PEM to its certificate. Otherwise check whether the server sends its intermediate certificates, and whether a proxy on the way intercepts TLS.',
  };
}

/** From the server's own certificate towards the root, as far as there is a chain. */
function chainOf(certificate: PeerCertificate): PeerCertificate[] {
  const chain: PeerCertificate[] = [];
  for (let link: PeerCertificate | undefined = certificate; link && chain.length < CHAIN_MAX;) {
    chain.push(link);
    // A self-signed one is its own issuer.
    link = link.issuerCertificate === link ? undefined : link.issuerCertificate;
  }
  return chain;
}

const CHAIN_MAX = 8;
const NAMES_MAX = 4;
const TEXT_MAX_LENGTH = 100;

/** As `"CN=Root, O=Example"`: short and printable, because the certificate comes from an unknown server. */
export function quoteName(name: Name): string {
  const parts = ['CN', 'O', 'OU'].flatMap((key) => (name[key] === undefined ? [] : [`${key}=${String(name[key])}`]));
  return `"${printable(parts.join(', '))}"`;
}

function printable(text: string): string {
  const clean = text.replaceAll(/[^\p{L}\p{N}\p{P}\p{S} ]/gu, '?').replaceAll('"', "'");
  return clean.length > TEXT_MAX_LENGTH ? `${clean.slice(0, TEXT_MAX_LENGTH)}...` : clean;
}

export function formatTime(time: string | number): string {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? 'an unreadable time' : date.toISOString().replace(/\.\d+Z$/, 'Z');
}
