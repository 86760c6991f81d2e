import type pg from 'pg';
import { createListeners } from '../../fleet/listeners.js';
import type { Database } from './database.js';

/** A connection that is lost without a word is noticed within so long. */
const CHECK_EVERY_MS = 30_000;
const RECONNECT_MIN_MS = 1000;
const RECONNECT_MAX_MS = 30_000;

/** How long a message of our own may take to come back. */
const HEARD_WITHIN_MS = 5000;

const TEST_MARK = '?';

/**
 * Messages between the processes on one fleet, by LISTEN and NOTIFY: with one connection of its own for all who listen in this
 * process, while there are any.
 */
export interface Line {
  send(this: void, message: string): Promise<void>;
  /**
   * Calls `onMessage` with each message from now on, of this process and of others; without one once the line stands (again),
   * because some may have been lost. Returns how to end it.
   */
  listen(this: void, onMessage: (message?: string) => void): () => void;
  /** Whether a message of another process is heard here. */
  isHeard(this: void): Promise<boolean>;
  close(this: void): Promise<void>;
}

/** @param channel the schema: messages are those of one fleet. */
export function createLine(
  { query, newClient }: Pick<Database, 'query' | 'newClient'>,
  channel: string,
  timeoutMs: number,
): Line {
  const listeners = createListeners<[message?: string]>();
  let connection: Connection | undefined;

  const send = async (message: string): Promise<void> => {
    await query({ text: 'SELECT pg_notify($1, $2)' }, [channel, message]);
  };

  return {
    send,
    listen(onMessage) {
      const endListening = listeners.add(onMessage);
      connection ??= openConnection({ newClient, channel, timeoutMs, onMessage: listeners.tell });
      return () => {
        endListening();
        if (listeners.count() > 0) return;
        void connection?.close();
        connection = undefined;
      };
    },
    async isHeard() {
      const client = newClient();
      client.on('error', () => undefined);
      const test = `${TEST_MARK}${globalThis.crypto.randomUUID()}`;
      try {
        await client.connect();
        const heard = new Promise<boolean>((resolve) => {
          client.on('notification', ({ payload }) => payload === test && resolve(true));
          setTimeout(() => resolve(false), HEARD_WITHIN_MS).unref();
        });
        await client.query(`LISTEN ${channel}`);
        await send(test);
        return await heard;
      } finally {
        await client.end().catch(() => undefined);
      }
    },
    async close() {
      listeners.clear();
      await connection?.close();
      connection = undefined;
    },
  };
}

interface Connection {
  close(this: void): Promise<void>;
}

interface ConnectionOptions {
  newClient: () => pg.Client;
  channel: string;
  timeoutMs: number;
  /** Without a message once the connection stands (again). */
  onMessage: (message?: string) => void;
}

/** Listens until it is closed, and connects again after every loss. */
function openConnection({ newClient, channel, timeoutMs, onMessage }: ConnectionOptions): Connection {
  const closed = new AbortController();

  const listenOnce = async (): Promise<'lost' | 'never-stood'> => {
    const client = newClient();
    const lost = new Promise<void>((resolve) => {
      client.once('error', () => resolve());
      client.once('end', () => resolve());
      closed.signal.addEventListener('abort', () => resolve(), { once: true });
    });
    // After the first error there may be others.
    client.on('error', () => undefined);
    try {
      await client.connect();
      client.on('notification', ({ payload = '' }) => {
        if (!payload.startsWith(TEST_MARK)) onMessage(payload);
      });
      await client.query(`LISTEN ${channel}`);
    } catch {
      await end(client);
      return 'never-stood';
    }
    if (!closed.signal.aborted) onMessage();
    const check = setInterval(() => {
      client.query({ text: 'SELECT 1', query_timeout: timeoutMs } as pg.QueryConfig).catch(() => void end(client));
    }, CHECK_EVERY_MS);
    check.unref();
    await lost;
    clearInterval(check);
    await end(client);
    return 'lost';
  };

  const run = async (): Promise<void> => {
    let waitMs = RECONNECT_MIN_MS;
    while (!closed.signal.aborted) {
      const how = await listenOnce();
      waitMs = how === 'lost' ? RECONNECT_MIN_MS : Math.min(RECONNECT_MAX_MS, waitMs * 2);
      if (!closed.signal.aborted) await pause(waitMs, closed.signal);
    }
  };

  const ended = run();
  return {
    close() {
      closed.abort();
      return ended;
    },
  };
}

async function end(client: pg.Client): Promise<void> {
  try {
    await client.end();
  } catch {
    // It was lost before.
  }
}

function pause(durationMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, durationMs);
    timer.unref();
    signal.addEventListener('abort', done, { once: true });
  });
}
