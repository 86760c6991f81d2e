import type { BulkAction, FleetEventBody, FleetEventKind, PauseReason } from '@serve.zone/baseos-cloudly-handlers';
import { formatLabelChanges } from '../labels/label-changes.js';
import { formatDuration } from '../time/format-duration.js';
import { shortInstant } from '../time/instant.js';

/** What happened, as it stands after the name of the node that it is about; else as a sentence of its own. */
export function describeFleetEvent(event: { atMs: number } & FleetEventBody): string {
  const describe = sentences[event.kind] as (details: FleetEventBody['details'], atMs: number) => string;
  return describe(event.details, event.atMs);
}

type Details<Kind extends FleetEventKind> = Extract<FleetEventBody, { kind: Kind }>['details'];

const sentences: { [Kind in FleetEventKind]: (details: Details<Kind>, atMs: number) => string } = {
  'node-registered': ({ joinTokenId, isPending, approvalCode }) =>
    `registered with join token ${joinTokenId}${isPending ? ` and waits for approval (code ${approvalCode})` : ''}`,
  'node-approved': () => 'was approved',
  'node-revoked': () => 'was revoked',
  'node-unrevoked': () => 'is no longer revoked',
  'node-forgotten': ({ shownName }) => `was forgotten${shownName === undefined ? '' : ` (it was called ${shownName})`}`,
  'node-rebind-allowed': ({ approvalCode, untilMs }) =>
    `may be taken over until ${shortInstant(untilMs)} by the device with the code ${approvalCode}`,
  'node-rebound': ({ approvalCode }) => `was taken over by the device with the code ${approvalCode}`,
  'node-rotation-demanded': () => 'is to get a new token',
  'node-tokens-voided': ({ tokenIds }) => `lost its tokens (${tokenIds.join(', ')})`,
  'node-updates-set': (change) => `had its updates set to ${change.to}${instead(change)}`,
  'clone-suspected': ({ bootIds }) => `may be two devices (processes ${bootIds.join(', ')})`,
  'clone-resolved': ({ keptBootId }) => `is one device again (process ${keptBootId})`,
  'node-named': ({ from, to }) =>
    to === undefined ? `lost its name${from === undefined ? '' : ` ${from}`}` : `was named ${to}${instead({ from })}`,
  'node-labelled': ({ labels }) => `was labelled ${formatLabelChanges(labels)}`,
  'node-noted': () => 'has new notes',
  'node-late': ({ lastHeartbeatAtMs }, atMs) => `is late: not heard for ${formatDuration(atMs - lastHeartbeatAtMs)}`,
  'node-offline': ({ lastHeartbeatAtMs }, atMs) =>
    `went offline: not heard for ${formatDuration(atMs - lastHeartbeatAtMs)}`,
  'node-back': ({ quietMs }) => `is back after ${formatDuration(quietMs)}`,
  'crash-loop': ({ startCount, withinMs }) =>
    `has started its agent ${startCount} times in ${formatDuration(withinMs)}`,
  'agent-changed': (change) => `has agent ${change.to}${instead(change)}`,
  'os-changed': (change) => `has OS ${change.to}${instead(change)}`,
  'release-changed': (change) => `runs release ${change.to}${instead(change)}`,
  'supervisor-changed': ({ from, to }) => `has a Supervisor that is ${to} (was ${from})`,
  'update-failed': ({ commit }) => `failed to update${commit === undefined ? '' : ` to release ${commit}`}`,
  'storage-low': ({ freePercent }) => `has ${freePercent} % of its storage left`,
  'storage-recovered': ({ freePercent }) => `has ${freePercent} % of its storage free again`,
  'command-queued': ({ commandId, command, commit, service, force }) => {
    const what = [
      command,
      ...(service === undefined ? [] : [`of ${service}`]),
      ...(commit === undefined ? [] : [`to ${commit}`]),
      ...(force === true ? ['with force'] : []),
    ];
    return `was sent the command ${what.join(' ')} (${commandId})`;
  },
  'command-cancelled': ({ commandId, command }) => `had its command ${command} cancelled (${commandId})`,
  'command-finished': ({ commandId, command, outcome, code }) =>
    `finished the command ${command}: ${outcome}${code === undefined ? '' : ` (${code})`} (${commandId})`,
  'command-ended': ({ commandId, command, state }) =>
    `has no result of the command ${command}: ${state} (${commandId})`,
  'alert-opened': (told) =>
    'nodeCount' in told ? `${groupOf(told)} went offline together` : `has an alert: ${told.alert}`,
  'alert-closed': (told) => {
    if ('nodeCount' in told) return `The alert that ${groupOf(told)} are offline is over`;
    return `has no more alert: ${told.alert}${told.isGrouped ? ' (it is part of that of a group)' : ''}`;
  },
  'alert-snoozed': ({ untilMs, note, ...told }) =>
    `${alertOf(told)} snoozed until ${shortInstant(untilMs)}${inBrackets(note)}`,
  'alert-unsnoozed': (told) => `${alertOf(told)} no longer snoozed`,
  'maintenance-started': ({ maintenanceId, selector, fromMs, untilMs, note }) =>
    `Maintenance of ${selector} was set from ${shortInstant(fromMs)} to ${shortInstant(untilMs)}${inBrackets(note)} (${maintenanceId})`,
  'maintenance-ended': ({ maintenanceId, selector }) => `Maintenance of ${selector} was ended (${maintenanceId})`,
  'rollout-member-moved': ({ wave, from, to, reason }) =>
    `is ${to} in wave ${wave + 1} of a rollout${reason === undefined ? '' : ` (${reason})`}, and was ${from}`,
  'join-token-created': ({ joinTokenId, uses, description }) =>
    `Join token ${joinTokenId} was created for ${uses === 1 ? 'one node' : `${uses} nodes`}${inBrackets(description)}`,
  'join-token-revoked': ({ joinTokenId, reason }) => `Join token ${joinTokenId} was revoked${inBrackets(reason)}`,
  'view-saved': ({ name }) => `View ${name} was saved`,
  'view-removed': ({ name }) => `View ${name} was removed`,
  'bulk-begun': ({ jobId, action, nodeCount }) => `Began to ${bulkWords[action]} ${nodeCount} nodes (job ${jobId})`,
  'bulk-stopped': ({ jobId }) => `A job was stopped (${jobId})`,
  'bulk-ended': ({ jobId, done, failed, skipped }) =>
    `A job ended: ${done} done, ${failed} failed, ${skipped} unchanged (${jobId})`,
  'webhook-created': ({ name, host }) => `Webhook ${name} was created: events are sent to ${host}`,
  'webhook-changed': ({ name, host, changed }) => `Webhook ${name} (${host}) was changed: ${changed.join(', ')}`,
  'webhook-secret-rotated': ({ name, version }) => `Webhook ${name} has another secret (version ${version})`,
  'webhook-enabled': ({ name }) => `Webhook ${name} was enabled`,
  'webhook-disabled': ({ name, reason }) => `Webhook ${name} was disabled: ${disabledWords[reason]}`,
  'webhook-removed': ({ name }) => `Webhook ${name} was removed`,
  'fleet-recovered': ({ takenAtMs }) => `A backup of ${shortInstant(takenAtMs)} was restored`,
  'rollout-created': ({ name, command, commit }) =>
    `Rollout ${name} was made: ${command}${commit === undefined ? '' : ` to ${commit}`}`,
  'rollout-changed': ({ name }) => `Rollout ${name} was changed`,
  'rollout-approved': ({ name }) => `Rollout ${name} was approved`,
  'rollout-started': ({ name, memberCount }) => `Rollout ${name} started with ${memberCount} nodes`,
  'rollout-wave-begun': ({ name, wave, memberCount }) =>
    `Rollout ${name} began wave ${wave + 1} with ${memberCount} nodes`,
  'rollout-wave-over': ({ name, wave, succeeded, failed }) =>
    `Wave ${wave + 1} of rollout ${name} is over: ${succeeded} succeeded, ${failed} failed`,
  'rollout-gate-opened': ({ name, wave }) => `Rollout ${name} may go on after wave ${wave + 1}`,
  'rollout-paused': ({ name, reason }) => `Rollout ${name} was paused ${pauseWords[reason]}`,
  'rollout-resumed': ({ name }) => `Rollout ${name} goes on`,
  'rollout-stopped': ({ name }) => `Rollout ${name} was stopped`,
  'rollout-finished': ({ name, succeeded, failed, skipped }) =>
    `Rollout ${name} is finished: ${succeeded} succeeded, ${failed} failed, ${skipped} skipped`,
  'operator-invited': ({ name = 'The first operator', untilMs, ...rights }) =>
    `${name} was invited as ${describeRights(rights)}, until ${shortInstant(untilMs)}`,
  'operator-joined': ({ name, ...rights }) => `${name} became an operator: ${describeRights(rights)}`,
  'operator-changed': ({ name, from, to }) =>
    `Operator ${name} is now ${describeRights(to)} instead of ${describeRights(from)}`,
  'operator-removed': ({ name }) => `Operator ${name} was removed`,
  'new-password-offered': ({ name, untilMs }) =>
    `Operator ${name} may set a new password until ${shortInstant(untilMs)}`,
  'password-changed': ({ name }) => `Operator ${name} has a new password`,
  'invitation-revoked': ({ name = 'the first operator' }) => `The invitation of ${name} was revoked`,
  'operator-signed-in': ({ name, address }) =>
    `Operator ${name} signed in${address === undefined ? '' : ` from ${address}`}`,
  'sessions-ended': ({ name, count }) => `${count === 1 ? 'A session' : `${count} sessions`} of ${name} ended`,
  'sign-in-failed': ({ name, count, sinceMs }) =>
    `${count === 1 ? 'An attempt' : `${count} attempts`} to sign in as ${name ?? 'somebody unknown'} failed since ${shortInstant(sinceMs)}`,
  'api-token-created': ({ apiTokenId, name, expiresAtMs, ...rights }) =>
    `API token ${name} (${apiTokenId}) was created: ${describeRights(rights)}${expiresAtMs === undefined ? '' : `, until ${shortInstant(expiresAtMs)}`}`,
  'api-token-revoked': ({ apiTokenId, name, reason }) =>
    `API token ${name} (${apiTokenId}) was revoked${inBrackets(reason)}`,
};

interface GroupTold {
  label: string;
  value: string;
  nodeCount: number;
}

function groupOf({ label, value, nodeCount }: GroupTold): string {
  return `${nodeCount} nodes with ${label}=${value}`;
}

function alertOf(told: { alert: string } | (GroupTold & { alert: string })): string {
  return 'nodeCount' in told ? `The alert that ${groupOf(told)} are offline was` : `had its alert ${told.alert}`;
}

const pauseWords: Record<PauseReason, string> = {
  operator: 'by an operator',
  failures: 'because too many nodes failed',
  window: 'until its window opens',
  recovered: 'because a backup was restored',
};

const bulkWords: Record<BulkAction['kind'], string> = {
  approve: 'approve',
  revoke: 'revoke',
  unrevoke: 'lift the revocation of',
  forget: 'forget',
  'rotate-token': 'replace the tokens of',
  'set-updates': 'set the updates of',
  label: 'label',
  command: 'send a command to',
};

const disabledWords: Record<Details<'webhook-disabled'>['reason'], string> = {
  operator: 'an operator wanted it',
  gone: 'its receiver is gone (410)',
  failing: 'nothing could be delivered for days',
  restored: 'the fleet was restored from a backup',
};

function instead({ from }: { from?: string | undefined }): string {
  return from === undefined ? '' : ` instead of ${from}`;
}

function describeRights({ role, scope }: { role: string; scope?: string }): string {
  return scope === undefined ? role : `${role} of ${scope}`;
}

function inBrackets(text: string | undefined): string {
  return text === undefined ? '' : ` (${text})`;
}
