import type { EventEmitter } from 'node:events';
import type { Duplex } from 'node:stream';
import pg from 'pg';

/** What TLS is to be done with: not at all, as Node does it by itself, or with options of Node's `tls.connect`. */
type TlsOptions = boolean | { rejectUnauthorized?: boolean };

/** The driver's own connection, which its types leave out. */
interface DriverConnection extends EventEmitter {
  /** What it hands to `tls.connect`. */
  ssl: TlsOptions;
  stream: Duplex;
}

/**
 * The driver's client, which verifies a server's certificate unless the connection string says otherwise
 * (`sslmode=no-verify`), and leaves no connection open that it cannot use. By itself it leaves the first to
 * NODE_TLS_REJECT_UNAUTHORIZED, and the second to the server, which waits a minute for a password.
 */
export class VerifyingClient extends pg.Client {
  constructor(config?: string | pg.ClientConfig) {
    super(config);
    const { connection } = this as unknown as { connection: DriverConnection };
    connection.ssl = verified(connection.ssl);
    const drop = (): void => void connection.stream.destroy();
    connection.on('error', drop);
    // Before the first query the server's word is final.
    connection.on('errorMessage', drop);
    connection.once('readyForQuery', () => connection.off('errorMessage', drop));
  }
}

const verified = (ssl: TlsOptions): TlsOptions => {
  if (ssl === true) return { rejectUnauthorized: true };
  // Not spread: the driver keeps a key out of what is enumerated.
  if (ssl !== false) ssl.rejectUnauthorized ??= true;
  return ssl;
};
