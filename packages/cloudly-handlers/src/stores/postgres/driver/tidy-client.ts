import type { EventEmitter } from 'node:events';
import type { Duplex } from 'node:stream';
import pg from 'pg';

/** The driver's own connection, which its types leave out. */
interface DriverConnection extends EventEmitter {
  stream: Duplex;
  /** Has a stream, which may be of TLS, read for messages. */
  attachListeners(stream: Duplex): void;
}

type Read = (bytes: Uint8Array) => void;

/** What answers does not speak PostgreSQL's protocol. */
export class NotPostgresError extends Error {
  override readonly name = 'NotPostgresError';
}

/**
 * The driver's client, with two mistakes mended: it leaves connections open that it cannot use, where the server waits a
 * minute for a password, and what it cannot read, as a server that asks for Kerberos, it throws into nobody's hands, or waits
 * for the rest of it.
 */
export class TidyClient extends pg.Client {
  constructor(config?: string | pg.ClientConfig) {
    super(config);
    const { connection } = this as unknown as { connection: DriverConnection };
    const drop = (): void => void connection.stream.destroy();
    connection.on('error', drop);
    // Before the first query the server's word is final.
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
    // What came in the same piece as the end of it is not read any more.
    if (stream.destroyed) return;
    try {
      if (isFirst && !isFirstMessage(bytes)) throw new NotPostgresError('It is not PostgreSQL that answers');
      isFirst = false;
      read(bytes);
    } catch (error) {
      stream.destroy(error as Error);
    }
  };
}

/** Asks for a way of authentication, refuses, tells something, or wants another version: as libpq has it. */
function isFirstMessage(bytes: Uint8Array): boolean {
  const [type = 0, ...length] = bytes.subarray(0, 3);
  return 'RENv'.includes(String.fromCharCode(type)) && length.every((byte) => byte === 0);
}
