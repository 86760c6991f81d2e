import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { limits } from '@serve.zone/baseos-contracts';
import { Buffer } from 'node:buffer';
import { appId, deviceView, silentView } from '../../../test/device-views.js';
import { refused } from './ending.js';
import { preview, type PreviewParts } from './preview.js';
import { withinDetails } from './within-details.js';

const waiting = deviceView({
  supervisor: { updatePending: true, updateFailed: true, updateDownloaded: true, appState: 'applying' },
  app: { targetCommit: 'new', updateStatus: 'downloaded', targetServices: [{ name: 'main', status: 'Downloaded' }] },
});
const downloading = deviceView({
  supervisor: { updatePending: true, appState: 'applying' },
  app: { targetCommit: 'new', updateStatus: 'downloading', isDownloading: true, downloadProgressPercent: 40 },
});
const releases = { commit: 'old', targetCommit: 'new' };

function detailsOf(parts: Partial<PreviewParts>) {
  const ending = preview({ of: { kind: 'update' }, view: waiting, refusal: undefined, ...parts });
  expect(ending.outcome).toBe('succeeded');
  return ending.details;
}

describe('a preview tells', () => {
  test.each<[string, Partial<PreviewParts>, object]>([
    [
      'that a lock holds a release that waits',
      { storageFreeBytes: 123_456_789 },
      { accepted: true, inScope: true, ...releases, heldByLock: true, download: 'done', storageFreeBytes: 123_456_789 },
    ],
    ['that the gate is closed', { gate: 'closed' }, { accepted: true, gate: 'closed' }],
    [
      'that a download is in progress',
      { view: downloading },
      { accepted: true, ...releases, heldByLock: false, download: 'downloading', downloadProgressPercent: 40 },
    ],
    [
      'that a download is still to come',
      { view: deviceView({ app: { targetCommit: 'new' } }) },
      { accepted: true, ...releases, heldByLock: false, download: 'waiting' },
    ],
    [
      'what a forced update would wait for',
      { of: { kind: 'update', force: true }, view: downloading },
      { accepted: true, waits: 'downloading', reason: expect.stringMatching(/is being downloaded/) },
    ],
    [
      'that the device does not accept it, and why',
      { refusal: refused('not-accepted', 'BASEOS_COMMANDS does not list update.') },
      { accepted: false, outcome: 'refused', code: 'not-accepted', reason: 'BASEOS_COMMANDS does not list update.' },
    ],
    [
      'that it is for another release than the one that waits',
      { of: { kind: 'update', commit: 'newer' } },
      { accepted: true, inScope: true, outcome: 'refused', code: 'other-release', ...releases },
    ],
    [
      'that there is nothing to do for it',
      { of: { kind: 'update', commit: 'old' }, view: deviceView() },
      { accepted: true, outcome: 'succeeded', commit: 'old', targetCommit: 'old' },
    ],
    [
      'that an app is out of the scope of the key',
      { of: { kind: 'restart-app', appId: 8 } },
      { accepted: true, inScope: false, outcome: 'failed', code: 'out-of-scope' },
    ],
    [
      'that a service is not there',
      { of: { kind: 'stop-service', appId, service: 'x' } },
      { accepted: true, inScope: true, outcome: 'failed', code: 'no-such-service' },
    ],
    [
      'that BaseRunner does not stop itself',
      { of: { kind: 'stop-service', service: 'baserunner' } },
      { outcome: 'refused', code: 'own-agent' },
    ],
    [
      'that the Supervisor is away',
      { view: silentView() },
      { accepted: true, waits: 'postponed', reason: 'The Supervisor cannot be reached.' },
    ],
  ])('%s', (_what, parts, expected) => {
    expect(detailsOf(parts)).toMatchObject(expected);
  });

  test('nothing about an app for a command about the device', () => {
    expect(detailsOf({ of: { kind: 'reboot' }, view: deviceView() })).not.toHaveProperty('inScope');
  });

  test('nothing about a lock or a download if no release waits', () => {
    const details = detailsOf({ view: deviceView() });
    expect(details).toEqual({ accepted: true, inScope: true, commit: 'old', targetCommit: 'old' });
  });

  test('no more than a result may carry, whatever the Supervisor says', () => {
    const unavailable = '\u0001'.repeat(4000);
    const view = deviceView({ app: { runningCommit: '\u0001'.repeat(900), targetCommit: '\u0001'.repeat(900) } });
    for (const each of [view, { ...silentView(), unavailable }]) {
      const details = detailsOf({ view: each, storageFreeBytes: 1 });
      expect(details).toMatchObject({ accepted: true, storageFreeBytes: 1 });
      expect(Buffer.byteLength(JSON.stringify(details))).toBeLessThanOrEqual(limits.commandDetailsMaxBytes);
    }
  });
});

test('details keep to their limit and lose nothing that fits', () => {
  const value = fc.oneof(fc.string({ maxLength: 3000, unit: 'binary' }), fc.boolean(), fc.constant(undefined));
  fc.assert(
    fc.property(fc.dictionary(fc.string({ maxLength: 20 }), value, { maxKeys: 8 }), (details) => {
      const kept = withinDetails(details);
      const bytes = Buffer.byteLength(JSON.stringify(kept));
      expect(bytes).toBeLessThanOrEqual(limits.commandDetailsMaxBytes);
      const isWhole = Buffer.byteLength(JSON.stringify(details)) <= limits.commandDetailsMaxBytes;
      expect(!isWhole || JSON.stringify(kept) === JSON.stringify(details)).toBe(true);
    }),
  );
});
