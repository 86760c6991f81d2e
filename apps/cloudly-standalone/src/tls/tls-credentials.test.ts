import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { isSkipped, makeCertificate, openssl, unlessInstalled } from '@serve.zone/baseos-testing/network/certificate';
import { temporaryFolder } from '@serve.zone/baseos-testing/files/temporary-folder';
import { readTlsCredentials, type TlsFiles, validityOf } from './tls-credentials.js';

describe.skipIf(isSkipped)(`certificate and key in files${unlessInstalled}`, () => {
  test('are read as they are', () => {
    const files = makeCertificate(temporaryFolder(), { days: 3 });
    const credentials = readTlsCredentials(files);
    expect(credentials).toEqual({
      cert: readFileSync(files.certPath, 'utf8'),
      key: readFileSync(files.keyPath, 'utf8'),
    });
    const daysLeft = (validityOf(credentials).notAfter.getTime() - Date.now()) / 86_400_000;
    expect(daysLeft).toBeGreaterThan(2.9);
    expect(daysLeft).toBeLessThanOrEqual(3);
  });

  type Fault = (files: TlsFiles, folder: string) => TlsFiles | void;
  const faults: [what: string, fault: Fault, told: RegExp][] = [
    ['no certificate', (files, folder) => ({ ...files, certPath: join(folder, 'none.pem') }), /ENOENT: .*none\.pem/],
    ['a folder in its place', (files, folder) => ({ ...files, keyPath: folder }), /is a directory and not a file/],
    [
      'the two swapped',
      ({ certPath, keyPath }) => ({ certPath: keyPath, keyPath: certPath }),
      /key\.pem is not a PEM certificate/,
    ],
    ['no PEM', ({ certPath }) => writeFileSync(certPath, 'certificate'), /cert\.pem is not a PEM certificate/],
    [
      'no key',
      ({ keyPath, certPath }) => writeFileSync(keyPath, readFileSync(certPath)),
      /key\.pem is not a PEM private key/,
    ],
    [
      'the key of another certificate',
      (files, folder) => ({ ...files, keyPath: makeCertificate(join(folder, 'other')).keyPath }),
      /other\/key\.pem does not belong to the certificate .*cert\.pem/,
    ],
    [
      'a key with a passphrase',
      ({ keyPath }, folder) => {
        openssl('pkey', '-in', keyPath, '-aes256', '-passout', 'pass:secret', '-out', join(folder, 'locked.pem'));
        writeFileSync(keyPath, readFileSync(join(folder, 'locked.pem')));
      },
      /key\.pem is encrypted, .*`openssl pkey -in /,
    ],
    [
      'a truncated chain',
      ({ certPath }) => {
        const cert = readFileSync(certPath, 'utf8');
        writeFileSync(certPath, cert + cert.slice(0, 200));
      },
      /cert\.pem cannot be used/,
    ],
  ];

  test.each(faults)('%s is reported by name', (_what, fault, told) => {
    const folder = temporaryFolder();
    const files = makeCertificate(folder);
    const faulty = fault(files, folder) ?? files;
    expect(() => readTlsCredentials(faulty)).toThrow(told);
  });

  test('problems reveal nothing of the key', () => {
    const folder = temporaryFolder();
    const files = makeCertificate(folder);
    const key = readFileSync(files.keyPath, 'utf8');
    writeFileSync(files.keyPath, key.replace('PRIVATE KEY-----\n', 'PRIVATE KEY-----\nx'));
    chmodSync(files.keyPath, 0o600);
    let told = '';
    try {
      readTlsCredentials(files);
    } catch (error) {
      told = String(error);
    }
    expect(told).toContain('key.pem');
    for (const line of key.split('\n').slice(1, -2)) expect(told).not.toContain(line);
  });
});
