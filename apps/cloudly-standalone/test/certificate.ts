import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { TlsFiles } from '../src/http/tls-credentials.js';

const isInstalled = spawnSync('openssl', ['version']).status === 0;

/** For the name of a test that cannot run without. */
export const unlessInstalled = isInstalled ? '' : ' (needs openssl: npx -y pnpm@12 run test:tools, as root on Debian)';

/** In CI a test that cannot run is a failure. */
export const isSkipped = !isInstalled && !process.env['CI'];

/** A certificate that signs itself, for this machine, in a new folder. */
export function makeCertificate(folder: string, { name = 'localhost', days = 2 } = {}): TlsFiles {
  mkdirSync(folder, { recursive: true });
  const files = { certPath: join(folder, 'cert.pem'), keyPath: join(folder, 'key.pem') };
  const argv = [
    'req',
    '-x509',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
    '-nodes',
    '-days',
    String(days),
  ];
  const names = ['-subj', `/CN=${name}`, '-addext', `subjectAltName=DNS:${name},IP:127.0.0.1`];
  openssl(...argv, '-keyout', files.keyPath, '-out', files.certPath, ...names);
  return files;
}

export function openssl(...argv: string[]): void {
  const { status, stderr, error } = spawnSync('openssl', argv, { encoding: 'utf8' });
  if (status !== 0) throw error ?? new Error(`openssl ${argv[0]} failed: ${stderr}`);
}
