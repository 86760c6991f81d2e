import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteStore } from '@serve.zone/baseos-cloudly-handlers/sqlite';
import type { Database } from './database.js';

/** A SQLite file in a folder of its own. */
export const createSqliteDatabase = async (): Promise<Database & { path: string }> => {
  const folder = await mkdtemp(join(tmpdir(), 'fleet-sqlite-'));
  const path = join(folder, 'fleet.sqlite');
  return {
    path,
    storage: ['--data', path],
    openStore: async () => openSqliteStore(path),
    victims: [],
    remove: async () => rm(folder, { recursive: true, force: true }),
  };
};
