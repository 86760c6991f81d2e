import type { PostgresProblem } from '@serve.zone/baseos-cloudly-handlers/postgres';
import { databaseSettings } from './database-settings.js';

const { databaseUrl, databasePassword } = databaseSettings;
const passwordPlaces = `in PGPASSWORD, in the URL in ${databaseUrl.name}, or in the file of ${databasePassword.name}`;

/** What an operator can do about each. */
export const postgresRemedies: Readonly<Record<PostgresProblem, string>> = {
  refused:
    'Start PostgreSQL there, make it listen on that address (listen_addresses), or correct the host and port in the URL.',
  'unknown-host': 'Correct the host in the URL, or the DNS settings of this machine.',
  'no-route': 'Correct the host in the URL, or the routes and firewalls between this machine and it.',
  'no-socket': 'Start PostgreSQL, give the folder of its socket as the host, and give this user access to that folder.',
  silent: 'Make sure that PostgreSQL is running there and that no firewall drops the connection.',
  closed:
    "Check PostgreSQL's log for the reason. If there is a proxy in between, make sure that it can reach PostgreSQL.",
  'not-postgres': 'Correct the host and port in the URL. The default port of PostgreSQL is 5432.',
  'no-tls': 'Enable TLS in PostgreSQL (ssl = on), or remove sslmode and PGSSLMODE if the network can be trusted.',
  untrusted:
    'Give the certificate of its issuer with sslrootcert in the URL, or in PGSSLROOTCERT. If it is self-signed, give ' +
    'the certificate itself.',
  'wrong-name': 'Use the name from the certificate in the URL, or issue a certificate for this name.',
  'certificate-dates': 'Renew the certificate of PostgreSQL, and check the clock of this machine.',
  'client-certificate':
    'Give a certificate that PostgreSQL accepts, and its key, with sslcert and sslkey in the URL, or in PGSSLCERT and PGSSLKEY.',
  'tls-failed': 'Make sure that PostgreSQL itself listens there, with TLS 1.2 or newer.',
  'tls-file':
    'Correct the path or the file: it must be a certificate or a key in PEM, the key without a passphrase, that this user can read.',
  'no-password': `Give the password: ${passwordPlaces}.`,
  'wrong-password': `Correct the password: ${passwordPlaces}.`,
  'user-refused':
    'Allow this user from this machine in the pg_hba.conf of PostgreSQL, or use another user in the URL. If it accepts only TLS ' +
    'connections, add sslmode=verify-full to the URL.',
  'unknown-authentication': 'Allow this user by scram-sha-256 in the pg_hba.conf of PostgreSQL.',
  'no-database': 'Create it first (`createdb`, encoding UTF8), or use another database in the URL.',
  'not-permitted':
    'As the owner of the database, allow the user to create a schema (GRANT CREATE ON DATABASE ... TO ...), or use another user in the URL.',
  'too-many-connections':
    'Raise max_connections of PostgreSQL (or the limit of this user or database), or run fewer programs on it: a server ' +
    'holds up to ten connections.',
  'starting-or-ending': 'Wait until PostgreSQL is ready, or restart it.',
  'read-only':
    'Use the primary in the URL: a replica accepts no writes. If it is the primary, check default_transaction_read_only.',
  'disk-full': 'Free space on the disk of PostgreSQL.',
  'out-of-memory': 'Give PostgreSQL more memory, or lower its memory settings (shared_buffers, work_mem).',
  'storage-failed': 'Check the disk of PostgreSQL: its log names the file. Restore a backup if data is damaged.',
  pooled:
    'A pooler in between mixes the statements of sessions. Connect to PostgreSQL directly, or set PgBouncer to pool ' +
    'sessions (pool_mode = session).',
  protocol:
    'If there is a pooler in between, set it to pool sessions (pool_mode = session) and check its log for what it rejects.',
};
