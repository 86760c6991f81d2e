import { type ChildProcess, execFile } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { forkSource } from '@serve.zone/baseos-cloudly-handlers/fixtures/fork-source';
import { postgresProgram, startPostgres } from '@serve.zone/baseos-cloudly-handlers/fixtures/postgres-server';
import { openPostgresStore } from '@serve.zone/baseos-cloudly-handlers/postgres';
import { onTestFinished } from 'vitest';
import { temporaryFolder } from '@serve.zone/baseos-testing/files/temporary-folder';
import { startRoundRobin } from './round-robin.js';
import type { StandaloneCloudly } from './standalone-cloudly.js';

/** Several servers, each a process, on one PostgreSQL, behind a proxy that gives them the requests in turn. */
export async function startOnPostgres(serverCount = 2): Promise<StandaloneCloudly> {
  const postgres = await startPostgres();
  onTestFinished(() => postgres.remove());
  const databaseUrl = postgres.url();
  const dump = join(temporaryFolder(), 'fleet.dump');
  const proxy = await startRoundRobin();
  let nowMs = Date.now();
  let servers: Server[] = [];

  const start = async (): Promise<void> => {
    servers = await Promise.all(Array.from({ length: serverCount }, () => startServer(databaseUrl, nowMs)));
    proxy.lead(servers.map(({ url }) => url));
  };
  const stop = () => Promise.all(servers.map((server) => server.close()));

  await start();
  onTestFinished(async () => void (await stop()));
  let store = await openPostgresStore(databaseUrl, { create: false });
  onTestFinished(() => store.close());
  return {
    url: proxy.url,
    store: () => store,
    now: () => nowMs,
    pass: async (durationMs) => {
      nowMs += durationMs;
      await Promise.all(servers.map((server) => server.setTime(nowMs)));
    },
    backUp: () => run('pg_dump', '--format=custom', '--schema=baseos_cloudly', `--file=${dump}`, databaseUrl),
    restore: async () => {
      await Promise.all([stop(), store.close()]);
      await run('psql', '--command=DROP SCHEMA baseos_cloudly CASCADE', `--dbname=${databaseUrl}`);
      await run('pg_restore', `--dbname=${databaseUrl}`, dump);
      store = await openPostgresStore(databaseUrl, { create: false });
      await start();
    },
  };
}

async function run(program: string, ...argv: string[]): Promise<void> {
  await promisify(execFile)(postgresProgram(program), argv);
}

interface Server {
  url: string;
  /** Resolves once its clock shows that. */
  setTime: (nowMs: number) => Promise<void>;
  close: () => Promise<void>;
}

async function startServer(databaseUrl: string, nowMs: number): Promise<Server> {
  const child = forkSource(new URL('server-process.ts', import.meta.url), [databaseUrl, String(nowMs)]);
  const url = await nextMessage<string>(child);
  return {
    url,
    setTime: async (toldMs) => {
      child.send(toldMs);
      await nextMessage(child);
    },
    close: async () => {
      if (child.exitCode !== null) return;
      child.disconnect();
      await once(child, 'exit');
    },
  };
}

function nextMessage<Message>(child: ChildProcess): Promise<Message> {
  return new Promise((resolve, reject) => {
    const hasEnded = (code: number | null): void => reject(new Error(`A server has ended with ${code}`));
    child.once('exit', hasEnded);
    child.once('message', (message) => {
      child.off('exit', hasEnded);
      resolve(message as Message);
    });
  });
}
