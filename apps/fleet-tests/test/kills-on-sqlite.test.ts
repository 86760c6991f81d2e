import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Database } from '../src/database/database.js';
import { createSqliteDatabase } from '../src/database/sqlite-database.js';
import { describeKills, faultsOf, runKills } from '../src/kills/run-kills.js';
import { buildCloudly, type BuiltCli } from './build-clis.js';

const TIMEOUT_MS = 180_000;

let cli: BuiltCli;
let database: Database;
beforeAll(async () => {
  [cli, database] = await Promise.all([buildCloudly(), createSqliteDatabase()]);
}, TIMEOUT_MS);
afterAll(async () => {
  await database?.remove();
});

test(
  'a server on SQLite that is killed under load, again and again, loses nothing that it has acknowledged',
  async () => {
    const outcome = await runKills({ cliPath: cli.path, database, serverCount: 1, nodeCount: 15, kills: 5, seed: 4 });
    process.stdout.write(`SQLite, one server: ${describeKills(outcome)}\n`);
    expect(faultsOf(outcome)).toEqual([]);
  },
  TIMEOUT_MS,
);
