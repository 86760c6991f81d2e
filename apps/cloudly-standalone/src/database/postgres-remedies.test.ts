import { FleetStoreError } from '@serve.zone/baseos-cloudly-handlers';
import { expect, test } from 'vitest';
import { describeDatabaseError } from './describe-database-error.js';
import { postgresRemedies } from './postgres-remedies.js';

const location = { kind: 'postgres', url: 'postgres://u:s3cret@h/d' } as const;

test.each([
  ['SELF_SIGNED_CERT_IN_CHAIN', 'PGSSLROOTCERT'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'from the certificate'],
  ['CERT_HAS_EXPIRED', 'Renew the certificate of PostgreSQL'],
  ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'PGSSLCERT and PGSSLKEY'],
  ['ECONNREFUSED', 'Start PostgreSQL there'],
  ['ENOTFOUND', 'Correct the host in the URL'],
  ['EHOSTUNREACH', 'routes and firewalls'],
  ['ETIMEDOUT', 'no firewall drops'],
  ['ECONNRESET', "Check PostgreSQL's log"],
])('%s has its own remedy', (code, remedy) => {
  const cause = Object.assign(new Error('some words of Node'), { code });
  const error = new FleetStoreError('database-unreachable', 'What happened', { cause });
  const described = describeDatabaseError(error, location);
  expect(described).toMatch(/^What happened\. [A-Z].*\.$/);
  expect(described).toContain(remedy);
  expect(described).not.toContain('s3cret');
});

test('every problem has its own remedy, in full sentences', () => {
  const remedies = Object.values(postgresRemedies);
  expect(new Set(remedies).size).toBe(remedies.length);
  for (const remedy of remedies) expect(remedy).toMatch(/^[A-Z].*\.$/);
});
