import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import {
  type CertificateOptions,
  isSkipped,
  makeCertificate,
  unlessInstalled,
} from '@serve.zone/baseos-testing/network/certificate';
import { temporaryFolder } from '@serve.zone/baseos-testing/files/temporary-folder';
import { readTlsCredentials, type TlsCredentials, type TlsFiles, validityOf } from '../tls/tls-credentials.js';
import { describeCredentials, renewCredentials } from './renew-credentials.js';

const nowMs = Date.now();
const DAY_MS = 86_400_000;

function from(startDays: number, endDays: number): CertificateOptions {
  return {
    between: [new Date(nowMs + startDays * DAY_MS), new Date(nowMs + endDays * DAY_MS)],
  };
}

const good = from(-1, 1);
const expired = from(-2, -1);
const future = from(1, 2);

/** What a server with the one certificate does when its files have the other. */
function renew(before: CertificateOptions | TlsCredentials, filesNow: TlsFiles) {
  const used: TlsCredentials[] = [];
  const credentials = 'cert' in before ? before : readTlsCredentials(makeCertificate(temporaryFolder(), before));
  const renewal = renewCredentials(filesNow, credentials, (given) => used.push(given), nowMs);
  const isNew = renewal.credentials !== credentials;
  expect(used).toEqual(isNew ? [renewal.credentials] : []);
  return { isNew, ...renewal };
}

describe.skipIf(isSkipped)(`renewing a certificate${unlessInstalled}`, () => {
  test('uses it, and logs when it expires', () => {
    const files = makeCertificate(temporaryFolder(), good);
    const { isNew, credentials, entry } = renew(good, files);
    expect(isNew).toBe(true);
    expect(credentials).toEqual(readTlsCredentials(files));
    const { notAfter } = validityOf(credentials);
    expect(entry).toMatchObject({
      level: 'info',
      event: 'certificate-renewed',
      message: `The reloaded certificate is valid until ${notAfter.toISOString()}`,
      fields: { expiresAt: notAfter.toISOString() },
    });
  });

  test.each([
    ['one that has expired', expired, /cert\.pem expired at \d{4}-.*Replace it with a valid one/],
    ['one that is not valid yet', future, /cert\.pem is not valid before \d{4}-.*Replace it with a valid one/],
  ])('never puts %s in place of a valid one', (_what, options, told) => {
    const { isNew, entry } = renew(good, makeCertificate(temporaryFolder(), options));
    expect(isNew).toBe(false);
    expect(entry).toMatchObject({ level: 'error', event: 'certificate-kept', message: expect.stringMatching(told) });
  });

  test.each([
    ['one that has expired, for one that is not valid yet', expired, future, 'warn'],
    ['one that is not valid yet, for one that has expired', future, expired, 'warn'],
    ['one that has expired, for a valid one', expired, good, 'info'],
  ])('replaces %s', (_what, before, now, level) => {
    const { isNew, entry } = renew(before, makeCertificate(temporaryFolder(), now));
    expect(isNew).toBe(true);
    expect(entry).toMatchObject({ level, event: 'certificate-renewed' });
  });

  test.each([
    ['that are missing', (path: string) => `${path}.missing`],
    ['one of which is a pipe', (path: string) => (spawnSync('mkfifo', [`${path}.pipe`]), `${path}.pipe`)],
    ['one of which is a folder', (path: string) => join(path, '..')],
    ['one of which is empty', (path: string) => (writeFileSync(path, ''), path)],
    ['one of which is incomplete', (path: string) => (writeFileSync(path, readFileSync(path).subarray(0, 100)), path)],
    [
      'one of which ends with half a certificate',
      (path: string) => (appendFileSync(path, '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'), path),
    ],
  ])('with files %s uses nothing, and says why', (_what, spoil) => {
    const files = makeCertificate(temporaryFolder(), good);
    const certPath = spoil(files.certPath);
    const { isNew, entry } = renew(good, { ...files, certPath });
    expect(isNew).toBe(false);
    expect(entry).toMatchObject({ level: 'error', message: expect.stringContaining(certPath) });
  });
});

describe.skipIf(isSkipped)(`the certificate at start${unlessInstalled}`, () => {
  const describeOne = (options: CertificateOptions) =>
    describeCredentials(readTlsCredentials(makeCertificate(temporaryFolder(), options)), 'certificate', nowMs);

  test.each([
    ['has expired', expired, /^The certificate expired at \d{4}-.*: devices reject it\. Replace the file with a valid/],
    [
      'is not valid yet',
      future,
      /^The certificate is not valid before \d{4}-.*: devices reject it\. Replace the file with a valid/,
    ],
    [
      "is a client's",
      { ...good, extensions: ['subjectAltName=DNS:a', 'extendedKeyUsage=clientAuth'] },
      /valid until .*not for servers.*may reject/,
    ],
    [
      'names no host',
      { ...good, extensions: ['keyUsage=digitalSignature'] },
      /valid until .*names no host.*may reject/,
    ],
  ])('causes a warning if it %s', (_what, options, told) => {
    expect(describeOne(options)).toMatchObject({ level: 'warn', message: expect.stringMatching(told) });
  });

  test('is valid to the last instant, and not at the next', () => {
    const credentials = readTlsCredentials(makeCertificate(temporaryFolder(), good));
    const { notBefore, notAfter } = validityOf(credentials);
    const levelAt = (atMs: number) => describeCredentials(credentials, 'certificate', atMs).level;
    expect(
      [notBefore.getTime() - 1, notBefore.getTime(), notAfter.getTime() - 1, notAfter.getTime()].map(levelAt),
    ).toEqual(['warn', 'info', 'info', 'warn']);
  });

  test('causes a warning if the next one in the chain is not its issuer', () => {
    const files = makeCertificate(temporaryFolder(), good);
    const other = makeCertificate(temporaryFolder(), { ...good, name: 'other.example' });
    const own = readFileSync(files.certPath, 'utf8');
    writeFileSync(files.certPath, own + readFileSync(other.certPath, 'utf8'));
    const entry = describeCredentials(readTlsCredentials(files), 'certificate', nowMs);
    expect(entry).toMatchObject({ level: 'warn', message: expect.stringContaining('is not followed by its issuer') });
  });
});
