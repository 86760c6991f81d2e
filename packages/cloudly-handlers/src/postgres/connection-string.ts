import pg from 'pg';

/**
 * Where a connection string leads, in words and without its user and password.
 *
 * @throws TypeError for one that cannot be meant. It does not repeat the string, which may hold a password.
 */
export const describePostgresUrl = (connectionString: string): string => {
  const [, rest] = /^postgres(?:ql)?:\/\/[^/?#]*(.*)$/s.exec(connectionString) ?? [];
  if (rest === undefined) {
    throw new TypeError('connectionString must look like postgres://user:password@host:5432/database');
  }
  // Or else a part of the password would be taken for a host or a port, and told in messages.
  if (rest.includes('@')) {
    throw new TypeError(
      'connectionString holds an @ behind its host: write the characters / ? # @ of user and password as %2F %3F %23 %40',
    );
  }
  const { host, port, database } = readByDriver(connectionString);
  const server = host.startsWith('/') ? host : `${host}:${port}`;
  return `PostgreSQL at ${server}, database ${database ?? 'of its user'}`;
};

const readByDriver = (connectionString: string): pg.Client => {
  let reason: string;
  try {
    return new pg.Client({ connectionString });
  } catch (error) {
    reason = error instanceof Error ? error.message : String(error);
  }
  // Without the driver's error, which may hold the string.
  throw new TypeError(`connectionString cannot be read: ${reason}`);
};
