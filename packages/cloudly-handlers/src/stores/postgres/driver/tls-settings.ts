import { X509Certificate } from 'node:crypto';
import { type ConnectionOptions, createSecureContext } from 'node:tls';
import { FleetStoreError } from '../../../fleet/fleet-store-error.js';
import { readTlsFile } from './read-tls-file.js';

type Environment = Readonly<Record<string, string | undefined>>;

/** How to use TLS, from libpq's parameters and variables. */
export interface TlsSettings {
  /** `false` for a connection without TLS. */
  verify: false | 'nothing' | 'authority' | 'authority-and-name';
  rootCertificatePath: string | undefined;
  certificatePath: string | undefined;
  keyPath: string | undefined;
}

/** The parameters of a connection string that are about TLS. */
export const tlsParameters = ['ssl', 'sslmode', 'sslrootcert', 'sslcert', 'sslkey', 'uselibpqcompat'] as const;
export type TlsParameters = Readonly<Partial<Record<(typeof tlsParameters)[number], string>>>;

/**
 * The parameters override the variables. The certificate is always verified, except with `no-verify`: with `require`, `prefer`
 * and `allow` libpq trusts any server or does without TLS, but here they mean `verify-full`. A TLS file also turns TLS on.
 *
 * @throws TypeError for invalid parameters.
 */
export function readTlsSettings(
  parameters: TlsParameters,
  env: Environment,
  { isSocket }: { isSocket: boolean },
): TlsSettings {
  const rootCertificatePath = parameters.sslrootcert || env['PGSSLROOTCERT'] || undefined;
  const certificatePath = parameters.sslcert || env['PGSSLCERT'] || undefined;
  const keyPath = parameters.sslkey || env['PGSSLKEY'] || undefined;
  const files = { rootCertificatePath, certificatePath, keyPath };
  if ((certificatePath === undefined) !== (keyPath === undefined)) {
    throw new TypeError('sslcert and sslkey (PGSSLCERT and PGSSLKEY) belong together. Set both, or neither');
  }
  const [name, mode] = modeOf(parameters, env);
  const verify = verificationBy(mode, files);
  if (verify === undefined) {
    throw new TypeError(`${name} must be one of disable, require, verify-ca, verify-full and no-verify`);
  }
  // Like libpq, this uses TLS on the network only.
  return { verify: isSocket ? false : verify, ...files };
}

function modeOf(parameters: TlsParameters, env: Environment): readonly [name: string, mode: string] {
  if (parameters.sslmode) return ['sslmode', parameters.sslmode];
  const { ssl } = parameters;
  if (ssl) return ['ssl', { true: 'verify-full', '1': 'verify-full', false: 'disable', '0': 'disable' }[ssl] ?? ssl];
  return ['PGSSLMODE', env['PGSSLMODE'] ?? ''];
}

function verificationBy(mode: string, files: Omit<TlsSettings, 'verify'>): TlsSettings['verify'] | undefined {
  switch (mode) {
    case '':
      return Object.values(files).some((path) => path !== undefined) ? 'authority-and-name' : false;
    case 'disable':
      return false;
    case 'no-verify':
      return 'nothing';
    case 'verify-ca': {
      // Anyone can get a certificate for some name from one of the authorities that a system trusts.
      const { rootCertificatePath = SYSTEM } = files;
      return rootCertificatePath === SYSTEM ? 'authority-and-name' : 'authority';
    }
    case 'allow':
    case 'prefer':
    case 'require':
    case 'verify-full':
      return 'authority-and-name';
    default:
      return undefined;
  }
}

/** A TLS file is missing or invalid. */
export class TlsFileError extends Error {
  override readonly name = 'TlsFileError';
}

/** Stands for the authorities that the system trusts, instead of a file. */
const SYSTEM = 'system';

/**
 * The settings as options of Node's `tls.connect`, with the files read and checked.
 *
 * @throws FleetStoreError if a file cannot be used.
 */
export function tlsOptionsOf({ verify, ...files }: TlsSettings): false | ConnectionOptions {
  if (verify === false) return false;
  const { rootCertificatePath, certificatePath, keyPath } = files;
  const ca = rootCertificatePath === SYSTEM ? undefined : read('sslrootcert', rootCertificatePath);
  const cert = read('sslcert', certificatePath);
  const key = read('sslkey', keyPath);
  for (const [name, path, text] of [
    ['sslrootcert', rootCertificatePath, ca],
    ['sslcert', certificatePath, cert],
  ] as const) {
    if (text !== undefined && !isCertificate(text)) throw unusable(name, path, 'it does not hold a certificate in PEM');
  }
  const identity = {
    ...(ca !== undefined && { ca }),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
  };
  try {
    createSecureContext(identity);
  } catch {
    // The message of the error may quote the key.
    throw unusable('sslkey', keyPath, 'it does not hold the key of the certificate in PEM, without a passphrase');
  }
  return {
    ...identity,
    rejectUnauthorized: verify !== 'nothing',
    ...(verify === 'authority' && { checkServerIdentity: () => undefined }),
  };
}

function read(name: string, path: string | undefined): string | undefined {
  if (path === undefined) return undefined;
  try {
    return readTlsFile(path);
  } catch (error) {
    throw unusable(name, path, (error as Error).message);
  }
}

function isCertificate(text: string): boolean {
  try {
    return new X509Certificate(text).raw.length > 0;
  } catch {
    return false;
  }
}

function unusable(name: string, path: string | undefined, why: string): FleetStoreError {
  return new FleetStoreError(
    'database-unusable',
    `The file ${path} of ${name} (or PG${name.toUpperCase()}) cannot be used: ${why}`,
    { cause: new TlsFileError(why) },
  );
}
