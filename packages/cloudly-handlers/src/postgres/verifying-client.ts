import pg from 'pg';

/** What TLS is to be done with: not at all, as Node does it by itself, or with options of Node's `tls.connect`. */
type TlsOptions = boolean | { rejectUnauthorized?: boolean };

/**
 * The driver's client, which verifies a server's certificate unless the connection string says otherwise
 * (`sslmode=no-verify`). By itself it leaves that to NODE_TLS_REJECT_UNAUTHORIZED.
 */
export class VerifyingClient extends pg.Client {
  constructor(config?: string | pg.ClientConfig) {
    super(config);
    // The driver's types leave its connection out; the options in it are what it hands to `tls.connect`.
    const { connection } = this as unknown as { connection: { ssl: TlsOptions } };
    connection.ssl = verified(connection.ssl);
  }
}

const verified = (ssl: TlsOptions): TlsOptions => {
  if (ssl === true) return { rejectUnauthorized: true };
  // Not spread: the driver keeps a key out of what is enumerated.
  if (ssl !== false) ssl.rejectUnauthorized ??= true;
  return ssl;
};
