import { createJoinToken } from '@serve.zone/baseos-cloudly-handlers';
import { isSkipped, unlessInstalled } from '@serve.zone/baseos-cloudly-handlers/fixtures/postgres-server';
import { describe, expect, test, vi } from 'vitest';
import { createEmulatedNode } from '@serve.zone/baseos-testing/nodes/emulated-node';
import { JOIN_TOKEN_USES } from '../src/run/join-token-uses.js';
import { runConformance } from '../src/run/run-conformance.js';
import { operatorOf } from './operator-of.js';
import { startOnPostgres } from './standalone/on-postgres.js';
import { startOnSqlite } from './standalone/on-sqlite.js';
import type { StandaloneCloudly } from './standalone/standalone-cloudly.js';

// A run has hundreds of requests.
vi.setConfig({ testTimeout: 180_000 });

const DAY_MS = 24 * 3_600_000;

describe.each([
  { where: 'SQLite', start: startOnSqlite, isOut: false },
  { where: `PostgreSQL${unlessInstalled}`, start: () => startOnPostgres(1), isOut: isSkipped },
  {
    where: `PostgreSQL, served by two processes in turn${unlessInstalled}`,
    start: () => startOnPostgres(2),
    isOut: isSkipped,
  },
])('the stand-alone Cloudly on $where', ({ start, isOut }) => {
  test.skipIf(isOut)('passes every rule', async () => {
    const cloudly = await start();
    const { url, store, now, pass, backUp, restore } = cloudly;
    const { joinToken, tokens } = await joinTokensOf(cloudly);
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

test('a run without any options tries most rules', async () => {
  const { url, store, now, pass } = await startOnSqlite();
  const { joinToken } = await createJoinToken(store(), { uses: JOIN_TOKEN_USES, now });
  const results = await runConformance({ url, joinToken, wait: pass });
  expect(results.filter(({ verdict }) => verdict === 'fails')).toEqual([]);
  expect(results.filter(({ verdict }) => verdict === 'holds').length).toBeGreaterThan(results.length / 2);
});

/** One of each kind that the kit can be given. */
async function joinTokensOf({ url, store, now, pass }: StandaloneCloudly) {
  const make = (uses: number, particulars: Parameters<typeof createJoinToken>[1] = {}) =>
    createJoinToken(store(), { uses, expiresInMs: DAY_MS, now, ...particulars });
  const [good, approval, counted, used, revoked, expired] = await Promise.all([
    make(JOIN_TOKEN_USES),
    make(4, { requiresApproval: true }),
    make(2),
    make(1),
    make(1),
    make(1, { expiresInMs: 1 }),
  ]);
  await store().revokeJoinToken(revoked.record.id, now());
  await pass(1);
  await fetch(`${url}/baseos/v1/nodes/register`, {
    method: 'POST',
    headers: { authorization: `Bearer ${used.joinToken}`, 'content-type': 'application/json' },
    body: JSON.stringify(createEmulatedNode().registration()),
  });
  return {
    joinToken: good.joinToken,
    tokens: {
      approvalJoinToken: approval.joinToken,
      countedJoinToken: counted.joinToken,
      usedJoinToken: used.joinToken,
      revokedJoinToken: revoked.joinToken,
      expiredJoinToken: expired.joinToken,
    },
  };
}
