import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const isInstalled = spawnSync('openssl', ['version']).status === 0;

/** For the name of a test that cannot run without. */
export const unlessInstalled = isInstalled
  ? ''
  : ' (needs openssl: npx -y pnpm@12.21.0 run test:tools, as root on Debian)';

/** In CI a test that cannot run is a failure. */
export const isSkipped = !isInstalled && !process.env['CI'];

/** Where a certificate and its key are (PEM). */
export interface CertificateFiles {
  certPath: string;
  keyPath: string;
}

export interface CertificateOptions {
  /** @default 'localhost' */
  name?: string;
  /** For how long it is good from now on. @default 2 */
  days?: number;
  /** Or between which instants. */
  between?: readonly [Date, Date];
  /** Of X.509 version 3, as OpenSSL has them. @default the names alone */
  extensions?: readonly string[];
}

const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];

/** A certificate that signs itself, for this machine, in a new folder. */
export function makeCertificate(folder: string, options: CertificateOptions = {}): CertificateFiles {
  const { name = 'localhost', days = 2, between } = options;
  const { extensions = [`subjectAltName=DNS:${name},IP:127.0.0.1`] } = options;
  mkdirSync(folder, { recursive: true });
  const files = { certPath: join(folder, 'cert.pem'), keyPath: join(folder, 'key.pem') };
  const made = ['-keyout', files.keyPath, '-subj', `/CN=${name}`];
  if (!between) {
    const added = extensions.flatMap((extension) => ['-addext', extension]);
    openssl('req', '-x509', ...newKey, '-days', String(days), ...made, ...added, '-out', files.certPath);
    return files;
  }
  const request = join(folder, 'request.pem');
  openssl('req', '-new', ...newKey, ...made, '-out', request);
  // Only OpenSSL's `ca` command lets the dates be chosen.
  const authority = join(folder, 'authority.cnf');
  writeFileSync(join(folder, 'index.txt'), '');
  writeFileSync(
    authority,
    `[ca]
default_ca=own
[own]
database=${folder}/index.txt
new_certs_dir=${folder}
rand_serial=yes
default_md=sha256
policy=names
x509_extensions=added
[names]
commonName=supplied
[added]
${extensions.join('\n')}
`,
  );
  const [from, to] = between.map((date) => date.toISOString().replace(/[-:T]|\.\d+/g, ''));
  const dates = ['-startdate', from ?? '', '-enddate', to ?? ''];
  openssl(
    'ca',
    '-batch',
    '-selfsign',
    '-config',
    authority,
    '-keyfile',
    files.keyPath,
    ...dates,
    '-in',
    request,
    '-out',
    files.certPath,
  );
  return files;
}

export function openssl(...argv: string[]): void {
  const { status, stderr, error } = spawnSync('openssl', argv, { encoding: 'utf8' });
  if (status !== 0) throw error ?? new Error(`openssl ${argv[0]} failed: ${stderr}`);
}
