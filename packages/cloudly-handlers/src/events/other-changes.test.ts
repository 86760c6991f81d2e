import { assert, constantFrom, dictionary, property } from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ReportedState } from '../facts/node-facts.js';
import { commandRecord, joinTokenRecord, NOW_MS } from '../stores/suite/fixtures.js';
import { changeOfCancelled, changeOfEnded, changeOfFinished, changeOfQueued } from './command-changes.js';
import { changeOfJoinToken, changeOfRevokedJoinToken } from './join-token-changes.js';
import { changesOfProfile } from './profile-changes.js';
import { changeOfState } from './state-change.js';

describe('what is told of a profile', () => {
  const before = { revision: 1, name: 'Gate', labels: { site: 'berlin', canary: '' }, notes: 'key is with Anna' };

  test('is each part that has changed', () => {
    const after = { revision: 2, labels: { site: 'bern', floor: '3' }, notes: 'none' };
    expect(changesOfProfile(before, after)).toEqual([
      { kind: 'node-named', details: { from: 'Gate' } },
      { kind: 'node-labelled', details: { labels: { site: 'bern', canary: null, floor: '3' } } },
      { kind: 'node-noted', details: {} },
    ]);
    expect(changesOfProfile(after, { ...after, name: 'Door' })).toEqual([
      { kind: 'node-named', details: { to: 'Door' } },
    ]);
    expect(changesOfProfile(before, { ...before, revision: 2 })).toEqual([]);
  });

  test('has the labels by which the ones before become the ones after', () => {
    const labels = dictionary(constantFrom('site', 'floor', 'canary', 'toString'), constantFrom('', 'a', 'b'));
    assert(
      property(labels, labels, (from, to) => {
        const [change] = changesOfProfile({ revision: 1, labels: from }, { revision: 2, labels: to });
        const changed = change?.kind === 'node-labelled' ? change.details.labels : {};
        const merged = Object.entries({ ...from, ...changed }).filter(([, value]) => value !== null);
        expect(Object.fromEntries(merged)).toEqual({ ...to });
        for (const [key, value] of Object.entries(changed))
          expect(Object.entries(from)).not.toContainEqual([key, value]);
      }),
    );
  });
});

describe('what is told of a node that is heard otherwise', () => {
  const move = (from: ReportedState, to: ReportedState) =>
    changeOfState({ from, to, lastHeartbeatAtMs: NOW_MS, nowMs: NOW_MS + 5 });

  test('is since when it is quiet', () => {
    const details = { lastHeartbeatAtMs: NOW_MS };
    expect(move('online', 'late')).toEqual({ kind: 'node-late', details });
    expect(move('online', 'offline')).toEqual({ kind: 'node-offline', details });
    expect(move('late', 'offline')).toEqual({ kind: 'node-offline', details });
  });

  test('is how long it was quiet', () => {
    expect(move('offline', 'online')).toEqual({ kind: 'node-back', details: { from: 'offline', quietMs: 5 } });
    expect(move('late', 'online')).toEqual({ kind: 'node-back', details: { from: 'late', quietMs: 5 } });
  });

  test('is nothing if it stays as it was, or is heard for the first time', () => {
    expect(move('late', 'late')).toBeUndefined();
    expect(move('never-seen', 'online')).toBeUndefined();
    expect(changeOfState({ from: 'never-seen', to: 'online', nowMs: 1 })).toBeUndefined();
  });
});

describe('what is told of a command', () => {
  const named = { commandId: 'c', command: 'update' };

  test('is what was asked for', () => {
    const command = commandRecord('c', { commit: 'abc', force: true, appId: 5, timeoutMs: 1 });
    expect(changeOfQueued(command)).toEqual({
      kind: 'command-queued',
      details: { ...named, commit: 'abc', force: true },
    });
    expect(changeOfCancelled(command)).toEqual({ kind: 'command-cancelled', details: named });
  });

  test('is its outcome, without what the node says for people', () => {
    const error = { code: 'locked', message: 'a secret' };
    const failed = commandRecord('c', { result: { outcome: 'failed', error, details: { a: 1 }, receivedAtMs: 1 } });
    const details = { ...named, outcome: 'failed', code: 'locked' };
    expect(changeOfFinished(failed)).toEqual({ kind: 'command-finished', details });
    expect(changeOfFinished(commandRecord('c'))).toBeUndefined();
  });

  test('is whether the node can have begun it if its time is up', () => {
    expect(changeOfEnded(commandRecord('c'))).toEqual({
      kind: 'command-ended',
      details: { ...named, state: 'expired' },
    });
    const listed = changeOfEnded(commandRecord('c', { listedAtMs: 1 }));
    expect(listed).toEqual({ kind: 'command-ended', details: { ...named, state: 'unknown' } });
  });
});

test('what is told of a join token is what it is for, and why it was revoked', () => {
  const joinToken = joinTokenRecord('j', { description: 'shop A', revokedReason: 'lost' });
  const created = { joinTokenId: 'j', uses: 100, description: 'shop A' };
  expect(changeOfJoinToken(joinToken)).toEqual({ kind: 'join-token-created', details: created });
  const revoked = { joinTokenId: 'j', reason: 'lost' };
  expect(changeOfRevokedJoinToken(joinToken)).toEqual({ kind: 'join-token-revoked', details: revoked });
  expect(JSON.stringify([changeOfJoinToken(joinToken), changeOfRevokedJoinToken(joinToken)])).not.toContain('hash');
});
