import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { approveNode, revokeNode } from '@serve.zone/baseos-cloudly-handlers';
import { startStandaloneCloudly } from '@serve.zone/baseos-cloudly-standalone';
import { expect, onTestFinished, test } from 'vitest';
import { JOIN_TOKEN_USES } from '../src/parse-command-line.js';
import type { OperatorAct } from '../src/provisions.js';
import { runConformance } from '../src/run-conformance.js';
import { createEmulatedNode } from '../src/emulated-node.js';
import { temporaryFolder } from './temporary-folder.js';

/** What the stand-alone Cloudly cannot be asked to do yet, and the rules that wait for it. */
const notYet: Partial<Record<OperatorAct | 'slow', string[]>> = {
  unrevoke: ['unrevoked'],
  rebind: ['rebind'],
  queueCommand: ['command-listed', 'command-for-its-node', 'command-done', 'foreign-result'],
  cancelCommand: ['command-cancelled', 'desired-state-in-bounds'],
  slow: ['clone-suspected', 'suspected-gets-no-tokens', 'clone-resolved'],
};

const MONTH_MS = 31 * 24 * 3_600_000;

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

test('the stand-alone Cloudly passes every rule that it can be held to', async () => {
  const { url, cloudly, pass, backUp, restore } = await start();
  const { store, createJoinToken } = cloudly();
  const expiresInMs = 100 * MONTH_MS;
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
      approve: async ({ nodeId = '' }) => void (await approveNode(cloudly().store, nodeId)),
      revoke: async ({ nodeId = '' }) => void (await revokeNode(cloudly().store, nodeId)),
      // The age at which tokens are replaced comes at once.
      rotate: async () => pass(MONTH_MS),
      backUp,
      restore,
    },
  });

  expect(results.filter(({ verdict }) => verdict === 'fails')).toEqual([]);
  const notTried = results.filter(({ verdict }) => verdict === 'not-tried').map(({ name }) => name);
  expect(notTried.toSorted()).toEqual(Object.values(notYet).flat().toSorted());
});

test('a run without any options takes no more uses of the join token than it says, and tries most rules', async () => {
  const { url, cloudly } = await start();
  const { joinToken } = await cloudly().createJoinToken({ uses: JOIN_TOKEN_USES });
  const results = await runConformance({ url, joinToken });
  expect(results.filter(({ verdict }) => verdict === 'fails')).toEqual([]);
  expect(results.filter(({ verdict }) => verdict === 'holds').length).toBeGreaterThan(results.length / 2);
});
