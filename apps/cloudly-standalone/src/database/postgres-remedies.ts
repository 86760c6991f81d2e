import type { PostgresProblem } from '@serve.zone/baseos-cloudly-handlers/postgres';

const passwordPlaces = 'in PGPASSWORD, in the URL in CLOUDLY_DATABASE_URL, or in CLOUDLY_DATABASE_PASSWORD_FILE';

/** What an operator can do about each. */
export const postgresRemedies: Readonly<Record<PostgresProblem, string>> = {
  refused:
    'Start PostgreSQL there, let it listen on that address (listen_addresses), or correct host and port in the URL.',
  'unknown-host': 'Correct the host in the URL, or the DNS of this machine.',
  'no-route': 'Correct the host in the URL, or the routes and firewalls between this machine and it.',
  'no-socket': 'Start PostgreSQL, name the folder of its socket as the host, and let this user into that folder.',
  silent: 'Make sure that PostgreSQL runs there, and that no firewall between drops the connection.',
  closed: "PostgreSQL's log says why. If a proxy is in between, make sure that it reaches PostgreSQL.",
  'not-postgres': 'Correct host and port in the URL: PostgreSQL has port 5432 unless its administrator says otherwise.',
  'no-tls':
    'Switch TLS on in PostgreSQL (ssl = on), or leave sslmode and PGSSLMODE away if the network can be trusted.',
  untrusted:
    'Name the certificate of the authority that issued it with sslrootcert in the URL, or in PGSSLROOTCERT. Where it signs ' +
    'itself, that is the certificate itself.',
  'wrong-name': 'Name the server in the URL as its certificate does, or give it a certificate for this name.',
  'certificate-dates': 'Renew the certificate of PostgreSQL, and check the clock of this machine.',
  'client-certificate':
    'Name a certificate that PostgreSQL accepts and its key with sslcert and sslkey in the URL, or in PGSSLCERT and PGSSLKEY.',
  'tls-failed': 'Make sure that PostgreSQL itself listens there, with TLS 1.2 or newer.',
  'tls-file':
    'Correct the path or the file: it must be a certificate or a key in PEM, the key without a passphrase, that this user can read.',
  'no-password': `Give the password: ${passwordPlaces}.`,
  'wrong-password': `Correct the password: ${passwordPlaces}.`,
  'user-refused':
    'Let this user in from here in the pg_hba.conf of PostgreSQL, or name another one in the URL. If it lets users in by TLS ' +
    'alone, add sslmode=verify-full to the URL.',
  'unknown-authentication': 'Let this user in by scram-sha-256 in the pg_hba.conf of PostgreSQL.',
  'no-database': 'Make it first (`createdb`, encoding UTF8), or name another one in the URL.',
  'not-permitted':
    'As its owner, let the user make a schema (GRANT CREATE ON DATABASE ... TO ...), or name another user in the URL.',
  'too-many-connections':
    'Raise max_connections of PostgreSQL (or the limit of this user or database), or run fewer programs on it: a server ' +
    'holds up to ten connections.',
  'starting-or-ending': 'Wait until PostgreSQL is ready, or start it again.',
  'read-only':
    'Name the primary in the URL: a replica takes no writes. If it is the primary, look for default_transaction_read_only.',
  'disk-full': 'Make room on the disk of PostgreSQL.',
  'out-of-memory': 'Give PostgreSQL more memory, or lower its settings of memory (shared_buffers, work_mem).',
  'storage-failed':
    'Check the disk of PostgreSQL: its log says which file is affected. Restore a backup if data was damaged.',
  pooled:
    'A pooler in between gives statements of one session to another. Connect to PostgreSQL itself, or let PgBouncer pool ' +
    'sessions (pool_mode = session).',
  protocol:
    'If a pooler is in between, let it pool sessions (pool_mode = session) and reach PostgreSQL; its log says what it refuses.',
};
