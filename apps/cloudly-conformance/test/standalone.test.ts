import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { startStandaloneCloudly } from '@serve.zone/baseos-cloudly-standalone';
import { expect, onTestFinished, test, vi } from 'vitest';
import { JOIN_TOKEN_USES } from '../src/parse-command-line.js';
import { runConformance } from '../src/run-conformance.js';
import { createEmulatedNode } from '../src/emulated-node.js';
import { operatorOf } from './operator-of.js';
import { temporaryFolder } from './temporary-folder.js';

// A run has hundreds of requests.
vi.setConfig({ testTimeout: 120_000 });

const DAY_MS = 24 * 3_600_000;

/** A stand-alone Cloudly on a socket and a SQLite file, with what its operator can do. */
const start = async () => {
  const folder = temporaryFolder();
  const databasePath = join(folder, 'fleet.sqlite');
  let nowMs = Date.now();
  const open = (port = 0) =>
    startStandaloneCloudly({ databasePath, port, heartbeatIntervalMs: 60_000, now: () => nowMs });
  let cloudly = await open();
  onTestFinished(() => cloudly.close());
  return {
    url: cloudly.url,
    cloudly: () => cloudly,
    now: () => nowMs,
    pass: (durationMs: number) => void (nowMs += durationMs),
    backUp: async () => {
      const database = new DatabaseSync(databasePath);
      database.exec(`VACUUM INTO '${join(folder, 'backup.sqlite')}'`);
      database.close();
    },
    restore: async () => {
      const port = Number(new URL(cloudly.url).port);
      await cloudly.close();
      copyFileSync(join(folder, 'backup.sqlite'), databasePath);
      cloudly = await open(port);
    },
  };
};

test('the stand-alone Cloudly passes every rule', async () => {
  const { url, cloudly, now, pass, backUp, restore } = await start();
  const { store, createJoinToken } = cloudly();
  const expiresInMs = DAY_MS;
  const [good, approval, counted, used, revoked, expired] = await Promise.all([
    createJoinToken({ uses: JOIN_TOKEN_USES, expiresInMs }),
    createJoinToken({ uses: 3, expiresInMs, requiresApproval: true }),
    createJoinToken({ uses: 2, expiresInMs }),
    createJoinToken({ uses: 1, expiresInMs }),
    createJoinToken({ uses: 1, expiresInMs }),
    createJoinToken({ uses: 1, expiresInMs: 1 }),
  ]);
  await store.revokeJoinToken(revoked.record.id, Date.now());
  pass(1);
  await fetch(`${url}/baseos/v1/nodes/register`, {
    method: 'POST',
    headers: { authorization: `Bearer ${used.joinToken}`, 'content-type': 'application/json' },
    body: JSON.stringify(createEmulatedNode().registration()),
  });

  const results = await runConformance({
    url,
    joinToken: good.joinToken,
    tokens: {
      approvalJoinToken: approval.joinToken,
      countedJoinToken: counted.joinToken,
      usedJoinToken: used.joinToken,
      revokedJoinToken: revoked.joinToken,
      expiredJoinToken: expired.joinToken,
    },
    operator: {
      ...operatorOf(() => cloudly().store, now),
      backUp,
      restore,
    },
    slow: true,
    wait: async (durationMs) => pass(durationMs),
  });

  expect(results.filter(({ verdict }) => verdict !== 'holds')).toEqual([]);
});

test('a run without any options tries most rules', async () => {
  const { url, cloudly, pass } = await start();
  const { joinToken } = await cloudly().createJoinToken({ uses: JOIN_TOKEN_USES });
  const results = await runConformance({ url, joinToken, wait: async (durationMs) => pass(durationMs) });
  expect(results.filter(({ verdict }) => verdict === 'fails')).toEqual([]);
  expect(results.filter(({ verdict }) => verdict === 'holds').length).toBeGreaterThan(results.length / 2);
});
