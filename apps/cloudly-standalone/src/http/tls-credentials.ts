import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import { readTextFile } from '@serve.zone/baseos-command-line';

/** By what a server proves in TLS that it is who it says, both as PEM. */
export interface TlsCredentials {
  /** The certificate, followed by those that lead to the authority which devices trust. */
  cert: string;
  /** Its private key. */
  key: string;
}

/** Where they are kept. */
export interface TlsFiles {
  certPath: string;
  keyPath: string;
}

/** The files cannot serve; the message says which, and why. */
export class TlsFilesError extends Error {
  override readonly name = 'TlsFilesError';
}

/**
 * Reads both files and tries them, so that what this gives works.
 *
 * @throws TlsFilesError
 */
export function readTlsCredentials({ certPath, keyPath }: TlsFiles): TlsCredentials {
  const credentials = { cert: readText(certPath), key: readText(keyPath) };
  const certificate = readCertificate(credentials.cert, certPath);
  if (!certificate.checkPrivateKey(readKey(credentials.key, keyPath))) {
    throw new TlsFilesError(
      `the key ${keyPath} does not belong to the certificate ${certPath}; where that holds several, the server's own comes first.`,
    );
  }
  try {
    createSecureContext(credentials);
  } catch (error) {
    throw new TlsFilesError(`${certPath} cannot be used: ${(error as Error).message}.`);
  }
  return credentials;
}

/** Until when a certificate in PEM is good. */
export function expiryOf({ cert }: TlsCredentials): Date {
  return new Date(new X509Certificate(cert).validTo);
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
    throw new TlsFilesError(`${path} is no certificate in PEM, which starts with -----BEGIN CERTIFICATE-----.`);
  }
}

function readKey(text: string, path: string): KeyObject {
  try {
    return createPrivateKey(text);
  } catch (error) {
    // What else the error says may be about the key's content.
    const isEncrypted = (error as NodeJS.ErrnoException).code === 'ERR_MISSING_PASSPHRASE' || /ENCRYPTED/.test(text);
    throw new TlsFilesError(
      isEncrypted
        ? `the key ${path} is encrypted, and nobody is there to give the passphrase: \`openssl pkey -in ${path} -out <new file>\` takes it off.`
        : `${path} is no private key in PEM, which starts with -----BEGIN PRIVATE KEY-----.`,
    );
  }
}
