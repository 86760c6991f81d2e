import { isSkipped, unlessInstalled } from '@serve.zone/baseos-cloudly-handlers/fixtures/postgres-server';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Database } from '../src/database/database.js';
import { createPostgresDatabase } from '../src/database/postgres-database.js';
import { describeKills, faultsOf, runKills } from '../src/kills/run-kills.js';
import { buildCloudly, type BuiltCli } from './build-clis.js';

const TIMEOUT_MS = 180_000;

describe.skipIf(isSkipped)(`two servers on PostgreSQL${unlessInstalled}`, { timeout: TIMEOUT_MS }, () => {
  let cli: BuiltCli;
  let database: Database;
  beforeAll(async () => {
    [cli, database] = await Promise.all([buildCloudly(), createPostgresDatabase()]);
  }, TIMEOUT_MS);
  afterAll(async () => {
    await database?.remove();
  });

  test('lose nothing that they have acknowledged, whichever is killed under load, even PostgreSQL', async () => {
    const outcome = await runKills({ cliPath: cli.path, database, serverCount: 2, nodeCount: 15, kills: 3, seed: 4 });
    process.stdout.write(`PostgreSQL, two servers: ${describeKills(outcome)}\n`);
    expect(faultsOf(outcome)).toEqual([]);
  });
});
