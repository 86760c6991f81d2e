import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { type PostgresServer, startPostgres } from '@serve.zone/baseos-cloudly-handlers/fixtures/postgres-server';
import { openPostgresStore } from '@serve.zone/baseos-cloudly-handlers/postgres';
import pg from 'pg';
import type { Victim } from '../processes/victim.js';
import type { Database } from './database.js';

const run = promisify(execFile);

/** A PostgreSQL server of its own, with a fleet in its database `postgres`; it keeps to the disk as one in earnest does. */
export async function createPostgresDatabase(): Promise<Database> {
  const server = await startPostgres({ fsync: 'on', full_page_writes: 'on' });
  const url = server.url();
  const folder = await mkdtemp(join(tmpdir(), 'fleet-postgres-'));
  const copy = join(folder, 'copy.dump');
  return {
    storage: ['--database', url],
    openStore: async () => openPostgresStore(url),
    victims: [backend(url), postmaster(server)],
    backUp: async () => {
      await run('pg_dump', ['--format=custom', '--schema=baseos_cloudly', `--file=${copy}`, url]);
    },
    restore: async () => {
      // `--clean` cannot drop partitions one by one.
      await run('psql', ['--command=DROP SCHEMA baseos_cloudly CASCADE', `--dbname=${url}`]);
      await run('pg_restore', ['--single-transaction', `--dbname=${url}`, copy]);
    },
    remove: async () => {
      await Promise.all([server.remove(), rm(folder, { recursive: true, force: true })]);
    },
  };
}

/** The process of one client connection. PostgreSQL treats its death as damage, and restarts completely. */
function backend(url: string): Victim {
  return {
    kill: async () => {
      const [found] = await query(
        url,
        `SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()
       ORDER BY query_start DESC`,
      );
      process.kill(Number(found?.['pid']), 'SIGKILL');
    },
    startAgain: () => untilDone(() => query(url, 'SELECT')),
  };
}

/** The process that the others belong to. */
function postmaster(server: PostgresServer): Victim {
  return {
    kill: async () => {
      const [found] = await query(server.url(), 'SHOW data_directory');
      const lockFile = await readFile(join(String(found?.['data_directory']), 'postmaster.pid'), 'utf8');
      process.kill(Number.parseInt(lockFile, 10), 'SIGKILL');
    },
    // It does not start before the last of the others has noticed and ended.
    startAgain: () => untilDone(server.start),
  };
}

async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client(url);
  // A connection that is lost rejects what was asked on it.
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

const RETRY_MS = 50;

async function untilDone(attempt: () => Promise<unknown>): Promise<void> {
  for (;;) {
    try {
      await attempt();
      return;
    } catch {
      await pause(RETRY_MS);
    }
  }
}
