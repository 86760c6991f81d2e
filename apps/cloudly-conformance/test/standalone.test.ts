import { isSkipped, unlessInstalled } from '@serve.zone/baseos-cloudly-handlers/fixtures/postgres-server';
import { describe, expect, test, vi } from 'vitest';
import { runConformance } from '../src/run/run-conformance.js';
import { createJoinTokens } from './join-tokens.js';
import { operatorOf } from './operator-of.js';
import { startOnPostgres } from './standalone/on-postgres.js';
import { startOnSqlite } from './standalone/on-sqlite.js';

// A run has hundreds of requests.
vi.setConfig({ testTimeout: 300_000 });

describe.each([
  { where: 'SQLite', start: startOnSqlite, isOut: false },
  {
    where: `PostgreSQL, served by two processes in turn${unlessInstalled}`,
    start: () => startOnPostgres(),
    isOut: isSkipped,
  },
])('the stand-alone Cloudly on $where', ({ start, isOut }) => {
  test.skipIf(isOut)('passes every rule', async () => {
    const { url, store, now, pass, backUp, restore } = await start();
    const { joinToken, tokens } = await createJoinTokens(store(), { url, now, pass });
    const results = await runConformance({
      url,
      joinToken,
      tokens,
      operator: { ...operatorOf(store, now), backUp, restore },
      slow: true,
      wait: pass,
    });
    expect(results.filter(({ verdict }) => verdict !== 'holds')).toEqual([]);
  });
});
