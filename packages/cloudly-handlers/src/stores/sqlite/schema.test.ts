import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, onTestFinished, test } from 'vitest';
import { openSqliteStore } from './open-sqlite-store.js';

/** A fleet as each published schema has kept it. */
function fleetOfSchema(version: number) {
  const directory = mkdtempSync(join(tmpdir(), 'cloudly-handlers-'));
  const path = join(directory, 'fleet.sqlite');
  const database = new DatabaseSync(path);
  database.exec(readFileSync(new URL(`../../../test/schema-${version}.sql`, import.meta.url), 'utf8'));
  database.close();
  const store = openSqliteStore(path);
  onTestFinished(() => {
    store.close();
    rmSync(directory, { recursive: true });
  });
  return store;
}

const vitals = { agentUptimeMs: 1, agentRssBytes: 2, failedHeartbeats: 0 };

test('a fleet of schema 1 is carried on whole', async () => {
  const store = fleetOfSchema(1);
  expect(await store.cloudlyId()).toBe('cloudly-of-before');
  expect(await store.listJoinTokens()).toEqual([
    {
      id: 'join',
      hash: 'hash of join',
      createdAtMs: 1,
      expiresAtMs: 2,
      maxUses: 3,
      usedCount: 1,
      requiresApproval: false,
    },
  ]);
  expect(await store.findNodeByTokenHash('hash of next')).toEqual({
    node: {
      nodeId: 'n',
      revision: 4,
      registrationKeyHash: 'key hash',
      approvalCode: 'ABCD1234',
      joinTokenId: 'join',
      registeredAtMs: 10,
      approvedAtMs: 10,
      currentToken: { id: 'current', hash: 'hash of current', issuedAtMs: 11 },
      nextToken: { id: 'next', hash: 'hash of next', issuedAtMs: 12 },
      bootId: 'boot-2',
      supersededBoots: [{ bootId: 'boot-1', lastSequence: 5, lastSeenAtMs: 9 }],
    },
    lastHeartbeat: { bootId: 'boot-2', sequence: 7, receivedAtMs: 1000, expectedByMs: 121_000, vitals },
    status: { bootId: 'boot-2', receivedAtMs: 900, hash: 'h' },
  });
  expect(await store.listHistory('n', 'hours')).toEqual([{ startMs: 0, heartbeatCount: 1, vitals }]);
});

test('a fleet of schema 1 takes what later versions keep', async () => {
  const store = fleetOfSchema(1);
  const node = (await store.findNode('n'))?.node;
  if (!node) throw new Error('the node is gone');
  const rebind = { approvalCode: 'ABCD-EFGH-JKMN-PQRS', untilMs: 5 };
  expect(await store.replaceNode({ ...node, rebind, cloneResolution: { atMs: 6 } })).toBe(true);
  const command = { id: 'c', kind: 'blink', queuedAtMs: 1, expiresAtMs: 2 };
  expect(await store.addCommand('n', command)).toBe('added');
  expect(await store.findNode('n')).toMatchObject({
    node: { rebind, cloneResolution: { atMs: 6 } },
    commandsUntilMs: 2,
  });
});
