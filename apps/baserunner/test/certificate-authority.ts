import { generateKeyPairSync, randomBytes } from 'node:crypto';
import forge from 'node-forge';

export interface Identity {
  /** The certificate, and any intermediate certificates, in PEM. */
  cert: string;
  key: string;
}

export interface IssueOptions {
  /** Host names and IP addresses. */
  names?: readonly string[];
  validFromMs?: number;
  validToMs?: number;
}

const dayMs = 86_400_000;

/** RSA, because forge cannot sign with anything else. All share one pair, because none protects anything. */
const { publicKey, privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
});

/** A certificate authority for a test. Its certificates are issued when the test runs, so none has expired. */
export class CertificateAuthority {
  readonly cert: string;
  readonly #name: string;

  constructor(name: string) {
    this.#name = name;
    this.cert = makeCertificate({ subject: name, issuer: name, isAuthority: true });
  }

  issue({ names = ['127.0.0.1', 'localhost'], ...validity }: IssueOptions = {}): Identity {
    const cert = makeCertificate({ subject: names[0] ?? 'nobody', issuer: this.#name, names, ...validity });
    return { cert, key: privateKey };
  }
}

/** A self-signed server certificate. */
export function selfSigned(name: string): Identity {
  return {
    cert: makeCertificate({ subject: name, issuer: name, names: ['127.0.0.1'] }),
    key: privateKey,
  };
}

interface CertificateParts extends IssueOptions {
  subject: string;
  issuer: string;
  isAuthority?: boolean;
}

function makeCertificate({ subject, issuer, names, isAuthority, ...validity }: CertificateParts): string {
  const { validFromMs = Date.now() - dayMs, validToMs = Date.now() + dayMs } = validity;
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = forge.pki.publicKeyFromPem(publicKey);
  certificate.serialNumber = `01${randomBytes(8).toString('hex')}`;
  certificate.validity.notBefore = new Date(validFromMs);
  certificate.validity.notAfter = new Date(validToMs);
  certificate.setSubject([{ name: 'commonName', value: subject }]);
  certificate.setIssuer([{ name: 'commonName', value: issuer }]);
  certificate.setExtensions([
    { name: 'basicConstraints', cA: isAuthority ?? false },
    ...(names ? [{ name: 'subjectAltName', altNames: names.map(altName) }] : []),
  ]);
  certificate.sign(forge.pki.privateKeyFromPem(privateKey), forge.md.sha256.create());
  return forge.pki.certificateToPem(certificate);
}

function altName(name: string) {
  return /^[\d.]+$/.test(name) ? { type: 7, ip: name } : { type: 2, value: name };
}
