import type { EventEmitter } from 'node:events';
import type { Duplex } from 'node:stream';
import pg from 'pg';

/** The driver's own connection, which its types leave out. */
interface DriverConnection extends EventEmitter {
  stream: Duplex;
  /** Reads messages from a stream, which may be one of TLS. */
  attachListeners(stream: Duplex): void;
}

type Read = (bytes: Uint8Array) => void;

/** The server does not speak PostgreSQL's protocol. */
export class NotPostgresError extends Error {
  override readonly name = 'NotPostgresError';
}

/**
 * The driver's client, with two mistakes corrected. It leaves connections open that it cannot use, for example if the server
 * waits a minute for a password. And if it cannot read a message, as from a server that requires Kerberos, it throws where
 * nothing catches, or waits for the rest of the message.
 */
export class TidyClient extends pg.Client {
  constructor(config?: string | pg.ClientConfig) {
    super(config);
    const { connection } = this as unknown as { connection: DriverConnection };
    const drop = (): void => void connection.stream.destroy();
    connection.on('error', drop);
    // An error before the first query is final.
    connection.on('errorMessage', drop);
    connection.once('readyForQuery', () => connection.off('errorMessage', drop));

    const attachListeners = connection.attachListeners.bind(connection);
    connection.attachListeners = (stream) => {
      const others = new Set(stream.listeners('data'));
      attachListeners(stream);
      for (const listener of stream.listeners('data').filter((each) => !others.has(each)) as Read[]) {
        stream.off('data', listener).on('data', readingCarefully(stream, listener));
      }
    };
  }
}

function readingCarefully(stream: Duplex, read: Read): Read {
  let isFirst = true;
  return (bytes) => {
    // The rest of a piece that ended the stream is not read.
    if (stream.destroyed) return;
    try {
      if (isFirst && !isFirstMessage(bytes))
        throw new NotPostgresError('The server does not speak the protocol of PostgreSQL');
      isFirst = false;
      read(bytes);
    } catch (error) {
      stream.destroy(error as Error);
    }
  };
}

/** As in libpq: an authentication request, an error, a notice, or another protocol version. */
function isFirstMessage(bytes: Uint8Array): boolean {
  const [type = 0, ...length] = bytes.subarray(0, 3);
  return 'RENv'.includes(String.fromCharCode(type)) && length.every((byte) => byte === 0);
}
