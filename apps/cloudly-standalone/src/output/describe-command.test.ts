import type { CommandRecord } from '@serve.zone/baseos-cloudly-handlers';
import { expect, test } from 'vitest';
import { describeCommand, nameCommand } from './describe-command.js';

const NOW_MS = 10_000_000;
const queued: CommandRecord = {
  id: 'c1',
  kind: 'update',
  queuedAtMs: 0,
  expiresAtMs: NOW_MS + 1,
  endsAtMs: NOW_MS + 2,
};
const listed: CommandRecord = { ...queued, listedAtMs: 1 };
const running = { phase: 'downloading' as const, phaseBeganAtMs: NOW_MS - 180_000, reportedAtMs: NOW_MS };
const over = { expiresAtMs: 1, endsAtMs: 2 };

function ended(outcome: string, more: object = {}): CommandRecord {
  return { ...listed, result: { outcome, receivedAtMs: 1, ...more } };
}

const error = { code: 'stalled', message: 'no progress' };

test.each<[CommandRecord, string]>([
  [queued, 'queued: the node receives it with its next heartbeat'],
  [listed, 'listed: sent to the node, which has not reported on it yet'],
  [{ ...listed, running }, 'running: downloading for 3 min'],
  [
    { ...listed, running: { ...running, progressPercent: 40.7, reason: 'slow' }, cancelledAtMs: 1 },
    'running: downloading 40 % for 3 min (slow); it had begun before it was cancelled',
  ],
  [{ ...queued, cancelledAtMs: 1 }, 'cancelled before it was sent to the node'],
  [{ ...listed, cancelledAtMs: 1 }, 'cancelled after it was sent to the node, which may have begun it'],
  [{ ...queued, ...over }, 'expired before it was sent to the node'],
  [ended('expired', { error }), 'expired: the node did not begin it in time (stalled: no progress)'],
  [{ ...listed, ...over }, 'unknown: sent to the node, which has reported no result in time'],
  [
    { ...listed, ...over, running },
    'unknown: sent to the node, which has reported no result in time (last heard: downloading)',
  ],
  [ended('half-done'), 'unknown: the node sent the outcome "half-done"'],
  [ended('interrupted'), 'interrupted: the node does not know whether it was carried out'],
  [ended('unsupported'), 'unsupported: the node does not know this kind of command'],
  [ended('succeeded', { durationMs: 12_345 }), 'succeeded after 12 s'],
  [ended('failed', { durationMs: 3_600_000, error }), 'failed after 1 h (stalled: no progress)'],
  [ended('refused', { error }), 'refused (stalled: no progress)'],
])('%# a command is described by its state', (command, words) => {
  expect(describeCommand(command, NOW_MS)).toBe(words);
});

test.each<[Parameters<typeof nameCommand>[0], string]>([
  [{ kind: 'blink' }, 'blink'],
  [{ kind: 'stop-service', service: 'main', appId: 7, force: true }, 'stop-service of main in app 7 with force'],
  [{ kind: 'preview', of: { kind: 'update', commit: 'abc' } }, 'preview of update to abc'],
  [{ kind: 'start-service', service: 'x'.repeat(64) }, `start-service of ${'x'.repeat(64)}`],
  [{ kind: 'start-service', service: '🙂'.repeat(4096) }, `start-service of ${'🙂'.repeat(63)}…`],
])('%# a command is named by what it asks for', (command, name) => {
  expect(nameCommand(command)).toBe(name);
});
