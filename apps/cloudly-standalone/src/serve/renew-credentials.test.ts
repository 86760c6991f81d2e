import { describe, expect, test } from 'vitest';
import { isSkipped, makeCertificate, unlessInstalled } from '../../test/certificate.js';
import { temporaryFolder } from '../../test/temporary-folder.js';
import { expiryOf, readTlsCredentials, type TlsCredentials } from '../http/tls-credentials.js';
import { describeCredentials, renewCredentials } from './renew-credentials.js';

describe.skipIf(isSkipped)(`renewing a certificate${unlessInstalled}`, () => {
  test('has it used, and tells until when it is good', () => {
    const files = makeCertificate(temporaryFolder());
    const used: TlsCredentials[] = [];
    const entry = renewCredentials(files, (credentials) => used.push(credentials));
    expect(used).toEqual([readTlsCredentials(files)]);
    expect(entry).toMatchObject({ level: 'info', event: 'certificate-renewed' });
  });

  test('with files that are not there uses nothing, and tells why', () => {
    const used: TlsCredentials[] = [];
    const files = { certPath: '/nowhere/cert.pem', keyPath: '/nowhere/key.pem' };
    const entry = renewCredentials(files, (credentials) => used.push(credentials));
    expect(used).toEqual([]);
    expect(entry).toMatchObject({ level: 'error', message: expect.stringContaining('/nowhere/cert.pem') });
  });

  test('warns of one that has expired: devices refuse it', () => {
    const credentials = readTlsCredentials(makeCertificate(temporaryFolder()));
    const expiryMs = expiryOf(credentials).getTime();
    expect(describeCredentials(credentials, 'certificate', expiryMs - 1)).toMatchObject({
      level: 'info',
      message: `The certificate is good until ${new Date(expiryMs).toISOString()}`,
      fields: { expiresAt: new Date(expiryMs).toISOString() },
    });
    expect(describeCredentials(credentials, 'certificate', expiryMs)).toMatchObject({ level: 'warn' });
  });
});
