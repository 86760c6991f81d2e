import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openSqliteStore } from '@serve.zone/baseos-cloudly-handlers/sqlite';
import type { Database } from './database.js';

/** A SQLite file in a folder of its own. */
export async function createSqliteDatabase(): Promise<Database> {
  const folder = await mkdtemp(join(tmpdir(), 'fleet-sqlite-'));
  const path = join(folder, 'fleet.sqlite');
  const copy = join(folder, 'copy.sqlite');
  return {
    storage: ['--data', path],
    openStore: async () => openSqliteStore(path),
    victims: [],
    backUp: async () => {
      const file = new DatabaseSync(path, { readOnly: true });
      file.prepare('VACUUM INTO ?').run(copy);
      file.close();
    },
    restore: async () => {
      await Promise.all(['-wal', '-shm'].map((suffix) => rm(path + suffix, { force: true })));
      await copyFile(copy, path);
    },
    remove: async () => rm(folder, { recursive: true, force: true }),
  };
}
