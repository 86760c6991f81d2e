import type { FleetEvent, Role } from '@serve.zone/baseos-cloudly-handlers';
import type { CommandKind, OpenEnum, SupervisorStatus } from '@serve.zone/baseos-contracts';
import * as v from 'valibot';
import { alertUrgency, nodeAlertKind } from './alert-words.js';
import type { bulkAction } from './bulk-schemas.js';
import { describes } from './describes.js';
import { memberReason, memberState, pauseReason } from './rollout-schemas.js';
import { actor, count, flag, instant, labelChanges, maybe, text, updatesMode, word } from './parts.js';

const happened = { position: count, atMs: instant, actor };

function ofNode<const Kind extends string, Details extends v.ObjectEntries>(kind: Kind, details: Details) {
  return v.object({ ...happened, nodeId: text, kind: v.literal(kind), details: v.object(details) });
}

function ofFleet<const Kind extends string, Details extends v.ObjectEntries>(kind: Kind, details: Details) {
  return v.object({ ...happened, kind: v.literal(kind), details: v.object(details) });
}

/** Nothing is to be known about it. */
function plain<const Kind extends string>(kind: Kind) {
  const none = v.record(text, v.never());
  return v.object({ ...happened, nodeId: text, kind: v.literal(kind), details: none });
}

const from = text;
const to = text;
const supervisorState = word<SupervisorStatus['state']>();
const command = { commandId: text, command: word<OpenEnum<CommandKind>>() };
const rollout = { rolloutId: text, name: text };
const alert = { alert: nodeAlertKind, urgency: alertUrgency };
const groupAlert = {
  alert: v.literal('group-offline'),
  urgency: alertUrgency,
  label: text,
  value: text,
  nodeCount: count,
};
const snooze = { untilMs: instant, note: maybe(text) };
const maintenance = { maintenanceId: text, selector: text };
const rights = { role: v.picklist(['view', 'operate', 'admin'] satisfies Role[]), scope: maybe(text) };
const webhook = { webhookId: text, name: text };
const actionKind = v.picklist([
  'approve',
  'revoke',
  'unrevoke',
  'forget',
  'rotate-token',
  'set-updates',
  'label',
  'command',
] satisfies v.InferOutput<typeof bulkAction>['kind'][]);

export const fleetEvent = describes<FleetEvent>()(
  v.variant('kind', [
    ofNode('node-registered', { joinTokenId: text, isPending: flag, approvalCode: text }),
    plain('node-approved'),
    plain('node-revoked'),
    plain('node-unrevoked'),
    ofNode('node-forgotten', { shownName: maybe(text) }),
    ofNode('node-rebind-allowed', { approvalCode: text, untilMs: instant }),
    ofNode('node-rebound', { approvalCode: text }),
    plain('node-rotation-demanded'),
    ofNode('node-tokens-voided', { tokenIds: v.array(text) }),
    ofNode('node-updates-set', { from: maybe(updatesMode), to: updatesMode }),
    ofNode('clone-suspected', { bootIds: v.array(text) }),
    ofNode('clone-resolved', { keptBootId: text }),
    ofNode('node-named', { from: maybe(text), to: maybe(text) }),
    ofNode('node-labelled', { labels: labelChanges }),
    plain('node-noted'),
    ofNode('node-late', { lastHeartbeatAtMs: instant }),
    ofNode('node-offline', { lastHeartbeatAtMs: instant }),
    ofNode('node-back', { from: v.picklist(['never-seen', 'online', 'late', 'offline']), quietMs: count }),
    ofNode('crash-loop', { startCount: count, withinMs: count }),
    ofNode('agent-changed', { from, to }),
    ofNode('os-changed', { from, to }),
    ofNode('release-changed', { from, to }),
    ofNode('supervisor-changed', { from: supervisorState, to: supervisorState }),
    ofNode('update-failed', { commit: maybe(text) }),
    ofNode('storage-low', { freePercent: count }),
    ofNode('storage-recovered', { freePercent: count }),
    ofNode('command-queued', {
      ...command,
      commit: maybe(text),
      service: maybe(text),
      force: maybe(flag),
      rolloutId: maybe(text),
    }),
    ofNode('command-cancelled', command),
    ofNode('command-finished', { ...command, outcome: word<OpenEnum<string>>(), code: maybe(text) }),
    ofNode('command-ended', { ...command, state: v.picklist(['unknown', 'expired']) }),
    ofNode('rollout-member-moved', {
      rolloutId: text,
      wave: count,
      from: memberState,
      to: memberState,
      reason: maybe(memberReason),
    }),
    ofNode('alert-opened', { ...alert, sinceMs: instant }),
    ofNode('alert-closed', { ...alert, openedAtMs: instant, isGrouped: maybe(v.literal(true)) }),
    ofNode('alert-snoozed', { ...alert, ...snooze }),
    ofNode('alert-unsnoozed', alert),
    ofFleet('alert-opened', { ...groupAlert, sinceMs: instant }),
    ofFleet('alert-closed', { ...groupAlert, openedAtMs: instant }),
    ofFleet('alert-snoozed', { ...groupAlert, ...snooze }),
    ofFleet('alert-unsnoozed', groupAlert),
    ofFleet('maintenance-started', { ...maintenance, fromMs: instant, untilMs: instant, note: maybe(text) }),
    ofFleet('maintenance-ended', maintenance),
    ofFleet('operator-invited', { ...rights, name: maybe(text), untilMs: instant }),
    ofFleet('operator-joined', { ...rights, name: text }),
    ofFleet('operator-changed', { name: text, from: v.object(rights), to: v.object(rights) }),
    ofFleet('operator-removed', { name: text }),
    ofFleet('new-password-offered', { name: text, untilMs: instant }),
    ofFleet('password-changed', { name: text }),
    ofFleet('invitation-revoked', { name: maybe(text) }),
    ofFleet('operator-signed-in', { name: text, address: maybe(text) }),
    ofFleet('sessions-ended', { name: text, count }),
    ofFleet('sign-in-failed', { name: maybe(text), count, sinceMs: instant }),
    ofFleet('api-token-created', { ...rights, apiTokenId: text, name: text, expiresAtMs: maybe(instant) }),
    ofFleet('api-token-revoked', { apiTokenId: text, name: text, reason: maybe(text) }),
    ofFleet('join-token-created', { joinTokenId: text, uses: count, description: maybe(text) }),
    ofFleet('join-token-revoked', { joinTokenId: text, reason: maybe(text) }),
    ofFleet('view-saved', { viewId: text, name: text }),
    ofFleet('view-removed', { viewId: text, name: text }),
    ofFleet('bulk-begun', { jobId: text, action: actionKind, nodeCount: count }),
    ofFleet('bulk-stopped', { jobId: text }),
    ofFleet('bulk-ended', { jobId: text, done: count, failed: count, skipped: count }),
    ofFleet('webhook-created', { ...webhook, host: text }),
    ofFleet('webhook-changed', { ...webhook, host: text, changed: v.array(text) }),
    ofFleet('webhook-secret-rotated', { ...webhook, version: count }),
    ofFleet('webhook-enabled', webhook),
    ofFleet('webhook-disabled', { ...webhook, reason: v.picklist(['operator', 'gone', 'failing', 'restored']) }),
    ofFleet('webhook-removed', webhook),
    ofFleet('fleet-recovered', { takenAtMs: instant }),
    ofFleet('rollout-created', { ...rollout, command: word<OpenEnum<CommandKind>>(), commit: maybe(text) }),
    ofFleet('rollout-changed', rollout),
    ofFleet('rollout-approved', rollout),
    ofFleet('rollout-started', { ...rollout, memberCount: count }),
    ofFleet('rollout-wave-begun', { ...rollout, wave: count, memberCount: count }),
    ofFleet('rollout-wave-over', { ...rollout, wave: count, succeeded: count, failed: count }),
    ofFleet('rollout-gate-opened', { ...rollout, wave: count }),
    ofFleet('rollout-paused', { ...rollout, reason: pauseReason }),
    ofFleet('rollout-resumed', rollout),
    ofFleet('rollout-stopped', rollout),
    ofFleet('rollout-finished', { ...rollout, succeeded: count, failed: count, skipped: count }),
  ]),
);
