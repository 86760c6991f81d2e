import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import { readTextFile } from '@serve.zone/baseos-command-line';

/** The TLS credentials of a server, both as PEM. */
export interface TlsCredentials {
  /** The certificate, followed by those that lead to the authority which devices trust. */
  cert: string;
  /** Its private key. */
  key: string;
}

/** Their files. */
export interface TlsFiles {
  certPath: string;
  keyPath: string;
}

/** A file cannot be used; the message says which, and why. */
export class TlsFilesError extends Error {
  override readonly name = 'TlsFilesError';
}

/**
 * Reads both files and tests them, so that the result works.
 *
 * @throws TlsFilesError
 */
export function readTlsCredentials({ certPath, keyPath }: TlsFiles): TlsCredentials {
  const credentials = { cert: readText(certPath), key: readText(keyPath) };
  const certificate = readCertificate(credentials.cert, certPath);
  if (!certificate.checkPrivateKey(readKey(credentials.key, keyPath))) {
    throw new TlsFilesError(
      `the key ${keyPath} does not belong to the certificate ${certPath}. If the file has several certificates, the server's own must be the first.`,
    );
  }
  try {
    createSecureContext(credentials);
    chainOf(credentials.cert);
  } catch (error) {
    throw new TlsFilesError(`${certPath} cannot be used: ${(error as Error).message}.`);
  }
  return credentials;
}

/** The validity period of a certificate. */
export interface Validity {
  notBefore: Date;
  notAfter: Date;
}

/** Of the server's own certificate. */
export function validityOf({ cert }: TlsCredentials): Validity {
  return validityOfOne(new X509Certificate(cert));
}

/** Why devices would reject credentials at this time because of their dates; `undefined` if they would not. */
export function untimelinessOf(credentials: TlsCredentials, nowMs: number): string | undefined {
  const { notBefore, notAfter } = validityOf(credentials);
  if (notAfter.getTime() <= nowMs) return `expired at ${notAfter.toISOString()}`;
  if (notBefore.getTime() > nowMs) return `is not valid before ${notBefore.toISOString()}`;
  return undefined;
}

/** The reasons other than its own dates for which devices may reject a certificate; each is a clause. */
export function flawsOf({ cert }: TlsCredentials, nowMs: number): string[] {
  const [own, ...issuers] = chainOf(cert);
  if (own === undefined) return [];
  const flaws: string[] = [];
  // The purposes of RFC 5280, section 4.2.1.12, which Node has under the name of another extension.
  const purposes = own.keyUsage as string[] | undefined;
  if (purposes && !purposes.includes(SERVER_AUTHENTICATION) && !purposes.includes(ANY_PURPOSE)) {
    flaws.push('is not for servers (its extended key usage does not include serverAuth)');
  }
  if (!own.subjectAltName) flaws.push('names no host (it has no subjectAltName)');
  const chain = [own, ...issuers];
  if (issuers.some((issuer, index) => chain[index]?.checkIssued(issuer) === false)) {
    flaws.push('is not followed by its issuer and the issuer of each next certificate');
  }
  // Devices have the authority's own certificate; whether the file contains it makes no difference.
  const isExpired = (issuer: X509Certificate): boolean => validityOfOne(issuer).notAfter.getTime() <= nowMs;
  if (issuers.some((issuer) => issuer.subject !== issuer.issuer && isExpired(issuer))) {
    flaws.push('is followed by an expired certificate');
  }
  return flaws;
}

const SERVER_AUTHENTICATION = '1.3.6.1.5.5.7.3.1';
const ANY_PURPOSE = '2.5.29.37.0';

function chainOf(pem: string): X509Certificate[] {
  const blocks = pem.match(
    /-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----[^]*?-----END (?:TRUSTED |X509 )?CERTIFICATE-----/g,
  );
  return (blocks ?? []).map((block) => new X509Certificate(block));
}

function validityOfOne({ validFrom, validTo }: X509Certificate): Validity {
  return { notBefore: new Date(validFrom), notAfter: new Date(validTo) };
}

function readText(path: string): string {
  try {
    return readTextFile(path);
  } catch (error) {
    throw new TlsFilesError(`${(error as Error).message}.`);
  }
}

function readCertificate(text: string, path: string): X509Certificate {
  try {
    return new X509Certificate(text);
  } catch {
    throw new TlsFilesError(`${path} is not a PEM certificate: one starts with -----BEGIN CERTIFICATE-----.`);
  }
}

function readKey(text: string, path: string): KeyObject {
  try {
    return createPrivateKey(text);
  } catch (error) {
    // The rest of the error may quote the key.
    const isEncrypted = (error as NodeJS.ErrnoException).code === 'ERR_MISSING_PASSPHRASE' || /ENCRYPTED/.test(text);
    throw new TlsFilesError(
      isEncrypted
        ? `the key ${path} is encrypted, and the server cannot ask for a passphrase. Remove it: \`openssl pkey -in ${path} -out <new file>\`.`
        : `${path} is not a PEM private key: one starts with -----BEGIN PRIVATE KEY-----.`,
    );
  }
}
