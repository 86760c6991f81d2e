import { describe, expect, test } from 'vitest';
import { factsOf } from '../../facts/facts-of.js';
import { FACTS_VERSION, type NodeState } from '../../facts/node-facts.js';
import { NEVER_SEEN_MS, NOT_QUIET_MS } from '../../facts/quiet-since.js';
import { heartbeatReport, nodeRecord, NOW_MS, runtimeStatus } from '../suite/fixtures.js';
import { deriveReplaced, deriveReported, deriveSwept } from './derive-node.js';
import type { LastHeartbeat } from './fold-reports.js';
import type { NodeSources } from './node-sources.js';

const HOUR_MS = 3_600_000;
const node = nodeRecord('n', { approvedAtMs: 1 });
const profile = { nodeId: 'n', revision: 1, labels: {} };

function lastAt(receivedAtMs: number): LastHeartbeat {
  const times = { receivedAtMs, expectedByMs: receivedAtMs + 120_000 };
  return { ...heartbeatReport(1), ...times, counts: { detail: 1, hours: 1 } };
}

/** A node that sent its last heartbeat now, and was found in this state before. */
function sources(state: NodeState, version = FACTS_VERSION): NodeSources {
  return { node, profile, last: lastAt(NOW_MS), before: { facts: factsOf({ node, profile }), version, state } };
}

describe('a node whose record is replaced', () => {
  test('is heard as before, however long ago, unless an operator has decided about it', () => {
    const rebooted = deriveReplaced(sources('online'), { ...node, bootId: 'boot-0' }, NOW_MS + HOUR_MS);
    expect(rebooted.move).toBeUndefined();
    expect(rebooted.changes).toEqual([]);
  });

  test('stands where its heartbeats say once it is approved, or no longer revoked', () => {
    const unrevoked = deriveReplaced(sources('revoked'), { ...node, revokedAtMs: 2 }, NOW_MS + HOUR_MS);
    expect(unrevoked.move).toMatchObject({ state: 'offline', quietSinceMs: NOW_MS });
    expect(unrevoked.changes).toEqual([{ kind: 'node-unrevoked', details: {} }]);
  });

  test('is not looked at any longer once it is revoked', () => {
    const revoked = deriveReplaced({ ...sources('online'), node: { ...node, revokedAtMs: 2 } }, node, NOW_MS);
    expect(revoked.move).toEqual({ state: 'revoked', quietSinceMs: NOW_MS });
    expect(revoked.changes).toEqual([{ kind: 'node-revoked', details: {} }]);
  });
});

describe('a node that reports', () => {
  const heard = { atMs: NOW_MS, lastHeartbeatAtMs: NOW_MS - HOUR_MS };

  test('is back if it was found late or offline', () => {
    const { move, changes } = deriveReported(sources('offline'), {
      hasStatus: false,
      hasStorageMoved: false,
      hasClockMoved: false,
      heard,
    });
    expect(move).toMatchObject({ state: 'online', quietSinceMs: NOT_QUIET_MS, checkAtMs: NOW_MS + 130_000 });
    expect(changes).toEqual([{ kind: 'node-back', details: { from: 'offline', quietMs: HOUR_MS } }]);
  });

  test('was late, and nothing is told, if no sweep has found it so', () => {
    const { changes } = deriveReported(sources('online'), {
      hasStatus: false,
      hasStorageMoved: false,
      hasClockMoved: false,
      heard,
    });
    expect(changes).toEqual([]);
  });

  test('has changed only as far as this version had derived its facts before', () => {
    const reported = (version: number) => {
      const { before, ...rest } = sources('online', version);
      const withStatus = { ...rest, status: runtimeStatus('a') };
      const derived = deriveReported(
        { ...withStatus, before: { ...before, facts: { ...before.facts, agentVersion: '0.9.0' } } },
        { hasStatus: true, hasStorageMoved: false, hasClockMoved: false },
      );
      return derived.changes.map(({ kind }) => kind);
    };
    expect(reported(FACTS_VERSION)).toEqual(['agent-changed']);
    expect(reported(0)).toEqual([]);
  });
});

describe('a node that a sweep looks at', () => {
  const look = (before: NodeState, nowMs: number, quietSinceMs: number) =>
    deriveSwept({ node, last: lastAt(NOW_MS), before, quietSinceMs, nowMs, upSinceMs: 0 });

  test('is told late and offline, each with its last heartbeat', () => {
    const details = { lastHeartbeatAtMs: NOW_MS };
    expect(look('online', NOW_MS + 130_000, NOT_QUIET_MS).changes).toEqual([{ kind: 'node-late', details }]);
    expect(look('late', NOW_MS + HOUR_MS, NOW_MS).changes).toEqual([{ kind: 'node-offline', details }]);
    expect(look('offline', NOW_MS + 2 * HOUR_MS, NOW_MS).changes).toEqual([]);
  });

  test('is back, after as long as it was noted as quiet, if its return was not noted', () => {
    const { move, changes } = look('offline', NOW_MS + 60_000, NOW_MS - HOUR_MS);
    expect(move.state).toBe('online');
    expect(changes).toEqual([{ kind: 'node-back', details: { from: 'offline', quietMs: HOUR_MS } }]);
  });

  test('is told nothing of if its first heartbeat was not noted', () => {
    const { move, changes } = look('never-seen', NOW_MS + 60_000, NEVER_SEEN_MS);
    expect([move.state, changes]).toEqual(['online', []]);
  });
});
