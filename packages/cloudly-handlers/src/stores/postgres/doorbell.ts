import type pg from 'pg';
import type { Doorbell } from '../../fleet/doorbell.js';
import type { Database } from './database.js';

/** A connection that is lost without a word is noticed within so long. */
const CHECK_EVERY_MS = 30_000;
const RECONNECT_MIN_MS = 1000;
const RECONNECT_MAX_MS = 30_000;

/** How long a ring of our own may take to come back. */
const HEARD_WITHIN_MS = 5000;

/** No node ID begins with it. */
const TEST_MARK = '?';

/**
 * A doorbell by LISTEN and NOTIFY, with a connection of its own while somebody listens. `channel` is the schema: rings are
 * those of one fleet.
 */
export function createPostgresDoorbell(
  { query, newClient }: Pick<Database, 'query' | 'newClient'>,
  channel: string,
  timeoutMs: number,
): Doorbell & { close(this: void): Promise<void> } {
  const listeners = new Set<(nodeId?: string) => void>();
  let line: Line | undefined;

  const notify = async (payload: string): Promise<void> => {
    await query({ text: 'SELECT pg_notify($1, $2)' }, [channel, payload]);
  };

  const tell = (nodeId?: string): void => {
    for (const onRing of listeners) onRing(nodeId);
  };

  return {
    ring: notify,
    listen(onRing) {
      const listener = (nodeId?: string): void => onRing(nodeId);
      listeners.add(listener);
      line ??= openLine({ newClient, channel, timeoutMs, onRing: tell });
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0) return;
        void line?.close();
        line = undefined;
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
        await notify(test);
        return await heard;
      } finally {
        await client.end().catch(() => undefined);
      }
    },
    async close() {
      listeners.clear();
      await line?.close();
      line = undefined;
    },
  };
}

interface Line {
  close(this: void): Promise<void>;
}

interface LineOptions {
  newClient: () => pg.Client;
  channel: string;
  timeoutMs: number;
  /** Without a node ID once the line stands (again): rings of before may have been lost. */
  onRing: (nodeId?: string) => void;
}

/** Listens until it is closed, and connects again after every loss. */
function openLine({ newClient, channel, timeoutMs, onRing }: LineOptions): Line {
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
        if (!payload.startsWith(TEST_MARK)) onRing(payload);
      });
      await client.query(`LISTEN ${channel}`);
    } catch {
      await end(client);
      return 'never-stood';
    }
    if (!closed.signal.aborted) onRing();
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
