import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { backUpSqliteFleet } from '@serve.zone/baseos-cloudly-handlers/sqlite';
import { startStandaloneCloudly } from '@serve.zone/baseos-cloudly-standalone';
import { onTestFinished } from 'vitest';
import { temporaryFolder } from '@serve.zone/baseos-testing/files/temporary-folder';
import { HEARTBEAT_INTERVAL_MS, type StandaloneCloudly } from './standalone-cloudly.js';

/** A server in this process, with its fleet in a SQLite file. */
export async function startOnSqlite(): Promise<StandaloneCloudly> {
  const folder = temporaryFolder();
  const [databasePath, backupPath] = [join(folder, 'fleet.sqlite'), join(folder, 'backup.sqlite')];
  let nowMs = Date.now();
  const now = (): number => nowMs;
  const open = (port = 0) =>
    startStandaloneCloudly({ databasePath, port, heartbeatIntervalMs: HEARTBEAT_INTERVAL_MS, now });
  let cloudly = await open();
  onTestFinished(() => cloudly.close());
  return {
    url: cloudly.url,
    store: () => cloudly.store,
    now,
    pass: async (durationMs) => void (nowMs += durationMs),
    backUp: async () => void (await backUpSqliteFleet(databasePath, backupPath, { now })),
    restore: async () => {
      const port = Number(new URL(cloudly.url).port);
      await cloudly.close();
      copyFileSync(backupPath, databasePath);
      cloudly = await open(port);
    },
  };
}
