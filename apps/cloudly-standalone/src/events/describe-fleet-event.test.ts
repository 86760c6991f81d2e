import { type FleetEventBody, fleetEventKinds } from '@serve.zone/baseos-cloudly-handlers';
import { expect, test } from 'vitest';
import { describeFleetEvent } from './describe-fleet-event.js';

const node = { nodeId: 'n' };
const command = { commandId: 'c1', command: 'update' };
const group = { alert: 'group-offline', urgency: 'high', label: 'site', value: 'berlin', nodeCount: 12 } as const;
const rollout = { rolloutId: 'r', name: 'spring' };

const told: [FleetEventBody, string][] = [
  [
    { ...node, kind: 'node-registered', details: { joinTokenId: 'j', isPending: false, approvalCode: 'ABCD' } },
    'registered with join token j',
  ],
  [
    { ...node, kind: 'node-registered', details: { joinTokenId: 'j', isPending: true, approvalCode: 'ABCD' } },
    'registered with join token j and waits for approval (code ABCD)',
  ],
  [{ ...node, kind: 'node-approved', details: {} }, 'was approved'],
  [{ ...node, kind: 'node-revoked', details: {} }, 'was revoked'],
  [{ ...node, kind: 'node-unrevoked', details: {} }, 'is no longer revoked'],
  [{ ...node, kind: 'node-forgotten', details: {} }, 'was forgotten'],
  [{ ...node, kind: 'node-forgotten', details: { shownName: 'till' } }, 'was forgotten (it was called till)'],
  [
    { ...node, kind: 'node-rebind-allowed', details: { approvalCode: 'ABCD', untilMs: 0 } },
    'may be taken over until 1970-01-01T00:00:00Z by the device with the code ABCD',
  ],
  [
    { ...node, kind: 'node-rebound', details: { approvalCode: 'ABCD' } },
    'was taken over by the device with the code ABCD',
  ],
  [{ ...node, kind: 'node-rotation-demanded', details: {} }, 'is to get a new token'],
  [{ ...node, kind: 'node-tokens-voided', details: { tokenIds: ['a', 'b'] } }, 'lost its tokens (a, b)'],
  [{ ...node, kind: 'node-updates-set', details: { to: 'gated' } }, 'had its updates set to gated'],
  [
    { ...node, kind: 'node-updates-set', details: { from: 'free', to: 'gated' } },
    'had its updates set to gated instead of free',
  ],
  [{ ...node, kind: 'clone-suspected', details: { bootIds: ['a', 'b'] } }, 'may be two devices (processes a, b)'],
  [{ ...node, kind: 'clone-resolved', details: { keptBootId: 'a' } }, 'is one device again (process a)'],
  [{ ...node, kind: 'node-named', details: { to: 'till' } }, 'was named till'],
  [{ ...node, kind: 'node-named', details: { from: 'old', to: 'till' } }, 'was named till instead of old'],
  [{ ...node, kind: 'node-named', details: { from: 'old' } }, 'lost its name old'],
  [{ ...node, kind: 'node-labelled', details: { labels: { shop: 'a', canary: null } } }, 'was labelled shop=a canary-'],
  [{ ...node, kind: 'node-noted', details: {} }, 'has new notes'],
  [{ ...node, kind: 'node-late', details: { lastHeartbeatAtMs: 0 } }, 'is late: not heard for 25 s'],
  [{ ...node, kind: 'node-offline', details: { lastHeartbeatAtMs: 0 } }, 'went offline: not heard for 25 s'],
  [{ ...node, kind: 'node-back', details: { from: 'late', quietMs: 150_000 } }, 'is back after 2 min'],
  [
    { ...node, kind: 'crash-loop', details: { startCount: 5, withinMs: 600_000 } },
    'has started its agent 5 times in 10 min',
  ],
  [{ ...node, kind: 'agent-changed', details: { from: '1', to: '2' } }, 'has agent 2 instead of 1'],
  [{ ...node, kind: 'os-changed', details: { from: '1', to: '2' } }, 'has OS 2 instead of 1'],
  [{ ...node, kind: 'release-changed', details: { from: 'a', to: 'b' } }, 'runs release b instead of a'],
  [
    { ...node, kind: 'supervisor-changed', details: { from: 'available', to: 'unreachable' } },
    'has a Supervisor that is unreachable (was available)',
  ],
  [{ ...node, kind: 'update-failed', details: {} }, 'failed to update'],
  [{ ...node, kind: 'update-failed', details: { commit: 'a1' } }, 'failed to update to release a1'],
  [{ ...node, kind: 'storage-low', details: { freePercent: 5 } }, 'has 5 % of its storage left'],
  [{ ...node, kind: 'storage-recovered', details: { freePercent: 40 } }, 'has 40 % of its storage free again'],
  [{ ...node, kind: 'command-queued', details: command }, 'was sent the command update (c1)'],
  [
    { ...node, kind: 'command-queued', details: { ...command, commit: 'a1', force: true } },
    'was sent the command update to a1 with force (c1)',
  ],
  [
    { ...node, kind: 'command-queued', details: { commandId: 'c1', command: 'restart-service', service: 'till' } },
    'was sent the command restart-service of till (c1)',
  ],
  [{ ...node, kind: 'command-cancelled', details: command }, 'had its command update cancelled (c1)'],
  [
    { ...node, kind: 'command-finished', details: { ...command, outcome: 'succeeded' } },
    'finished the command update: succeeded (c1)',
  ],
  [
    { ...node, kind: 'command-finished', details: { ...command, outcome: 'refused', code: 'other-release' } },
    'finished the command update: refused (other-release) (c1)',
  ],
  [
    { ...node, kind: 'command-ended', details: { ...command, state: 'unknown' } },
    'has no result of the command update: unknown (c1)',
  ],
  [{ kind: 'join-token-created', details: { joinTokenId: 'j', uses: 1 } }, 'Join token j was created for one node'],
  [
    { kind: 'join-token-created', details: { joinTokenId: 'j', uses: 5, description: 'shop a' } },
    'Join token j was created for 5 nodes (shop a)',
  ],
  [{ kind: 'join-token-revoked', details: { joinTokenId: 'j' } }, 'Join token j was revoked'],
  [{ kind: 'join-token-revoked', details: { joinTokenId: 'j', reason: 'lost' } }, 'Join token j was revoked (lost)'],
  [{ kind: 'view-saved', details: { viewId: 'v', name: 'late' } }, 'View late was saved'],
  [{ kind: 'view-removed', details: { viewId: 'v', name: 'late' } }, 'View late was removed'],
  [
    { kind: 'bulk-begun', details: { jobId: 'b', action: 'revoke', nodeCount: 12 } },
    'Began to revoke 12 nodes (job b)',
  ],
  [{ kind: 'bulk-stopped', details: { jobId: 'b' } }, 'A job was stopped (b)'],
  [
    { kind: 'bulk-ended', details: { jobId: 'b', done: 1, failed: 2, skipped: 3 } },
    'A job ended: 1 done, 2 failed, 3 unchanged (b)',
  ],
  [
    { kind: 'webhook-created', details: { webhookId: 'w', name: 'Chat', host: 'hooks.example' } },
    'Webhook Chat was created: events are sent to hooks.example',
  ],
  [
    {
      kind: 'webhook-changed',
      details: { webhookId: 'w', name: 'Chat', host: 'hooks.example', changed: ['name', 'url'] },
    },
    'Webhook Chat (hooks.example) was changed: name, url',
  ],
  [
    { kind: 'webhook-secret-rotated', details: { webhookId: 'w', name: 'Chat', version: 2 } },
    'Webhook Chat has another secret (version 2)',
  ],
  [{ kind: 'webhook-enabled', details: { webhookId: 'w', name: 'Chat' } }, 'Webhook Chat was enabled'],
  [
    { kind: 'webhook-disabled', details: { webhookId: 'w', name: 'Chat', reason: 'gone' } },
    'Webhook Chat was disabled: its receiver is gone (410)',
  ],
  [{ kind: 'webhook-removed', details: { webhookId: 'w', name: 'Chat' } }, 'Webhook Chat was removed'],
  [{ kind: 'fleet-recovered', details: { takenAtMs: 0 } }, 'A backup of 1970-01-01T00:00:00Z was restored'],
  [
    { kind: 'operator-invited', details: { name: 'ada', role: 'operate', scope: 'label.site=berlin', untilMs: 0 } },
    'ada was invited as operate of label.site=berlin, until 1970-01-01T00:00:00Z',
  ],
  [
    { kind: 'operator-invited', details: { role: 'admin', untilMs: 0 } },
    'The first operator was invited as admin, until 1970-01-01T00:00:00Z',
  ],
  [{ kind: 'operator-joined', details: { name: 'ada', role: 'view' } }, 'ada became an operator: view'],
  [
    {
      kind: 'operator-changed',
      details: { name: 'ada', from: { role: 'view' }, to: { role: 'operate', scope: 'label.site=berlin' } },
    },
    'Operator ada is now operate of label.site=berlin instead of view',
  ],
  [{ kind: 'operator-removed', details: { name: 'ada' } }, 'Operator ada was removed'],
  [
    { kind: 'new-password-offered', details: { name: 'ada', untilMs: 0 } },
    'Operator ada may set a new password until 1970-01-01T00:00:00Z',
  ],
  [{ kind: 'password-changed', details: { name: 'ada' } }, 'Operator ada has a new password'],
  [{ kind: 'invitation-revoked', details: { name: 'ada' } }, 'The invitation of ada was revoked'],
  [{ kind: 'invitation-revoked', details: {} }, 'The invitation of the first operator was revoked'],
  [{ kind: 'operator-signed-in', details: { name: 'ada' } }, 'Operator ada signed in'],
  [
    { kind: 'operator-signed-in', details: { name: 'ada', address: '10.0.0.1' } },
    'Operator ada signed in from 10.0.0.1',
  ],
  [{ kind: 'sessions-ended', details: { name: 'ada', count: 1 } }, 'A session of ada ended'],
  [{ kind: 'sessions-ended', details: { name: 'ada', count: 3 } }, '3 sessions of ada ended'],
  [
    { kind: 'sign-in-failed', details: { name: 'ada', count: 1, sinceMs: 0 } },
    'An attempt to sign in as ada failed since 1970-01-01T00:00:00Z',
  ],
  [
    { kind: 'sign-in-failed', details: { count: 40, sinceMs: 0 } },
    '40 attempts to sign in as somebody unknown failed since 1970-01-01T00:00:00Z',
  ],
  [
    { kind: 'api-token-created', details: { apiTokenId: 't', name: 'ci', role: 'view' } },
    'API token ci (t) was created: view',
  ],
  [
    { kind: 'api-token-created', details: { apiTokenId: 't', name: 'ci', role: 'operate', expiresAtMs: 0 } },
    'API token ci (t) was created: operate, until 1970-01-01T00:00:00Z',
  ],
  [{ kind: 'api-token-revoked', details: { apiTokenId: 't', name: 'ci' } }, 'API token ci (t) was revoked'],
  [
    { kind: 'api-token-revoked', details: { apiTokenId: 't', name: 'ci', reason: 'lost' } },
    'API token ci (t) was revoked (lost)',
  ],
  [
    { ...node, kind: 'alert-opened', details: { alert: 'offline', urgency: 'high', sinceMs: 0 } },
    'has an alert: offline',
  ],
  [
    { ...node, kind: 'alert-closed', details: { alert: 'offline', urgency: 'high', openedAtMs: 0 } },
    'has no more alert: offline',
  ],
  [
    {
      ...node,
      kind: 'alert-closed',
      details: { alert: 'offline', urgency: 'high', openedAtMs: 0, isGrouped: true as const },
    },
    'has no more alert: offline (it is part of that of a group)',
  ],
  [
    { ...node, kind: 'alert-snoozed', details: { alert: 'clock-off', urgency: 'low', untilMs: 0, note: 'known' } },
    'had its alert clock-off snoozed until 1970-01-01T00:00:00Z (known)',
  ],
  [
    { ...node, kind: 'alert-unsnoozed', details: { alert: 'clock-off', urgency: 'low' } },
    'had its alert clock-off no longer snoozed',
  ],
  [{ kind: 'alert-opened', details: { ...group, sinceMs: 0 } }, '12 nodes with site=berlin went offline together'],
  [
    { kind: 'alert-closed', details: { ...group, openedAtMs: 0 } },
    'The alert that 12 nodes with site=berlin are offline is over',
  ],
  [
    { kind: 'alert-snoozed', details: { ...group, untilMs: 0 } },
    'The alert that 12 nodes with site=berlin are offline was snoozed until 1970-01-01T00:00:00Z',
  ],
  [
    { kind: 'alert-unsnoozed', details: group },
    'The alert that 12 nodes with site=berlin are offline was no longer snoozed',
  ],
  [
    {
      kind: 'maintenance-started',
      details: { maintenanceId: 'm', selector: 'label.site=berlin', fromMs: 0, untilMs: 60_000, note: 'new router' },
    },
    'Maintenance of label.site=berlin was set from 1970-01-01T00:00:00Z to 1970-01-01T00:01:00Z (new router) (m)',
  ],
  [
    { kind: 'maintenance-ended', details: { maintenanceId: 'm', selector: 'label.site=berlin' } },
    'Maintenance of label.site=berlin was ended (m)',
  ],
  [
    {
      ...node,
      kind: 'rollout-member-moved',
      details: { rolloutId: 'r', wave: 0, from: 'held', to: 'deferred', reason: 'offline' },
    },
    'is deferred in wave 1 of a rollout (offline), and was held',
  ],
  [
    { kind: 'rollout-created', details: { ...rollout, command: 'update', commit: 'a1' } },
    'Rollout spring was made: update to a1',
  ],
  [{ kind: 'rollout-created', details: { ...rollout, command: 'reboot' } }, 'Rollout spring was made: reboot'],
  [{ kind: 'rollout-changed', details: rollout }, 'Rollout spring was changed'],
  [{ kind: 'rollout-approved', details: rollout }, 'Rollout spring was approved'],
  [{ kind: 'rollout-started', details: { ...rollout, memberCount: 7 } }, 'Rollout spring started with 7 nodes'],
  [
    { kind: 'rollout-wave-begun', details: { ...rollout, wave: 1, memberCount: 7 } },
    'Rollout spring began wave 2 with 7 nodes',
  ],
  [
    { kind: 'rollout-wave-over', details: { ...rollout, wave: 0, succeeded: 6, failed: 1 } },
    'Wave 1 of rollout spring is over: 6 succeeded, 1 failed',
  ],
  [{ kind: 'rollout-gate-opened', details: { ...rollout, wave: 0 } }, 'Rollout spring may go on after wave 1'],
  [
    { kind: 'rollout-paused', details: { ...rollout, reason: 'failures' } },
    'Rollout spring was paused because too many nodes failed',
  ],
  [{ kind: 'rollout-resumed', details: rollout }, 'Rollout spring goes on'],
  [{ kind: 'rollout-stopped', details: rollout }, 'Rollout spring was stopped'],
  [
    { kind: 'rollout-finished', details: { ...rollout, succeeded: 5, failed: 1, skipped: 1 } },
    'Rollout spring is finished: 5 succeeded, 1 failed, 1 skipped',
  ],
];

test.each(told)('%j is told as: %s', (event, sentence) => {
  expect(describeFleetEvent({ atMs: 25_000, ...event })).toBe(sentence);
});

test('there is a sentence for each kind', () => {
  expect(new Set(told.map(([{ kind }]) => kind))).toEqual(new Set(fleetEventKinds));
});
