import type { CommandKind, OpenEnum, SupervisorStatus } from '@serve.zone/baseos-contracts';
import type { AlertKind, AlertUrgency, NodeAlertKind } from '../alerts/alert-kinds.js';
import type { UpdatesMode } from '../fleet/node-record.js';
import type { MemberReason, MemberState, PauseReason } from '../fleet/rollout-states.js';
import type { BulkAction } from '../fleet/bulk-action.js';
import type { ReportedState } from '../facts/node-facts.js';
import type { Role } from '../roles/role.js';
import type { Actor } from './actor.js';

/** A row of the fleet's one list of events. Contains no secret. */
export type FleetEvent = {
  /** Grows by one from event to event, for every reader alike. */
  position: number;
  /** Of the clock of the process that caused it; events need not be in its order. */
  atMs: number;
  actor: Actor;
} & FleetEventBody;

/** An event that has no position yet. */
export type WrittenEvent = { atMs: number; actor: Actor } & FleetEventBody;

/** What happened: the kind, the node if it is about one, and what is to be known about it. */
export type FleetEventBody = NodeEventBody | FleetWideEventBody;

export type NodeEventBody = { nodeId: string } & NodeChange;

export type FleetEventKind = FleetEventBody['kind'];

/** What happened to a node, in the words of its details. */
export type NodeChange =
  | { kind: 'node-registered'; details: { joinTokenId: string; isPending: boolean; approvalCode: string } }
  | { kind: 'node-approved'; details: None }
  | { kind: 'node-revoked'; details: None }
  | { kind: 'node-unrevoked'; details: None }
  | { kind: 'node-forgotten'; details: { shownName?: string } }
  | { kind: 'node-rebind-allowed'; details: { approvalCode: string; untilMs: number } }
  | { kind: 'node-rebound'; details: { approvalCode: string } }
  | { kind: 'node-rotation-demanded'; details: None }
  | { kind: 'node-tokens-voided'; details: { tokenIds: string[] } }
  | { kind: 'node-updates-set'; details: { from?: UpdatesMode; to: UpdatesMode } }
  | { kind: 'clone-suspected'; details: { bootIds: string[] } }
  | { kind: 'clone-resolved'; details: { keptBootId: string } }
  | { kind: 'node-named'; details: { from?: string; to?: string } }
  /** `null`: the label was removed. */
  | { kind: 'node-labelled'; details: { labels: Readonly<Record<string, string | null>> } }
  | { kind: 'node-noted'; details: None }
  | { kind: 'node-late'; details: { lastHeartbeatAtMs: number } }
  | { kind: 'node-offline'; details: { lastHeartbeatAtMs: number } }
  /** It was late or offline, and its heartbeats arrive again. */
  | { kind: 'node-back'; details: { from: ReportedState; quietMs: number } }
  /** The agent has restarted so often in so long. */
  | { kind: 'crash-loop'; details: { startCount: number; withinMs: number } }
  | { kind: 'agent-changed'; details: { from: string; to: string } }
  | { kind: 'os-changed'; details: { from: string; to: string } }
  | { kind: 'release-changed'; details: { from: string; to: string } }
  | { kind: 'supervisor-changed'; details: { from: SupervisorStatus['state']; to: SupervisorStatus['state'] } }
  /** The commit if the node names it, as a gated one does: the Supervisor's flags are of no release. */
  | { kind: 'update-failed'; details: { commit?: string } }
  | { kind: 'storage-low'; details: { freePercent: number } }
  | { kind: 'storage-recovered'; details: { freePercent: number } }
  | {
      kind: 'command-queued';
      details: CommandNamed & { commit?: string; service?: string; force?: boolean; rolloutId?: string };
    }
  | { kind: 'command-cancelled'; details: CommandNamed }
  | { kind: 'command-finished'; details: CommandNamed & { outcome: OpenEnum<string>; code?: string } }
  | { kind: 'command-ended'; details: CommandNamed & { state: 'unknown' | 'expired' } }
  | { kind: 'alert-opened'; details: NodeAlertTold & { sinceMs: number } }
  /** Its condition is gone, or it `isGrouped`: part of the alert of a group from now on. */
  | { kind: 'alert-closed'; details: NodeAlertTold & { openedAtMs: number; isGrouped?: true } }
  | { kind: 'alert-snoozed'; details: NodeAlertTold & SnoozeTold }
  | { kind: 'alert-unsnoozed'; details: NodeAlertTold }
  /** The node has come into another state of a rollout. */
  | {
      kind: 'rollout-member-moved';
      details: { rolloutId: string; wave: number; from: MemberState; to: MemberState; reason?: MemberReason };
    };

/** What happened to the fleet as a whole. */
export type FleetWideEventBody = { nodeId?: undefined } & (
  | AccountChangeTold
  | WebhookChangeTold
  | { kind: 'join-token-created'; details: { joinTokenId: string; uses: number; description?: string } }
  | { kind: 'join-token-revoked'; details: { joinTokenId: string; reason?: string } }
  | { kind: 'view-saved'; details: { viewId: string; name: string } }
  | { kind: 'view-removed'; details: { viewId: string; name: string } }
  | { kind: 'bulk-begun'; details: { jobId: string; action: BulkAction['kind']; nodeCount: number } }
  | { kind: 'bulk-stopped'; details: { jobId: string } }
  | { kind: 'bulk-ended'; details: { jobId: string; done: number; failed: number; skipped: number } }
  | { kind: 'alert-opened'; details: GroupAlertTold & { sinceMs: number } }
  | { kind: 'alert-closed'; details: GroupAlertTold & { openedAtMs: number } }
  | { kind: 'alert-snoozed'; details: GroupAlertTold & SnoozeTold }
  | { kind: 'alert-unsnoozed'; details: GroupAlertTold }
  | { kind: 'maintenance-started'; details: MaintenanceTold & { fromMs: number; untilMs: number; note?: string } }
  | { kind: 'maintenance-ended'; details: MaintenanceTold }
  | { kind: 'fleet-recovered'; details: { takenAtMs: number } }
  | RolloutChangeTold
);

/** What happened to a rollout. Waves count from 0. */
type RolloutChangeTold =
  | { kind: 'rollout-created'; details: RolloutNamed & { command: OpenEnum<CommandKind>; commit?: string } }
  | { kind: 'rollout-changed'; details: RolloutNamed }
  | { kind: 'rollout-approved'; details: RolloutNamed }
  | { kind: 'rollout-started'; details: RolloutNamed & { memberCount: number } }
  | { kind: 'rollout-wave-begun'; details: RolloutNamed & { wave: number; memberCount: number } }
  | { kind: 'rollout-wave-over'; details: RolloutNamed & { wave: number; succeeded: number; failed: number } }
  | { kind: 'rollout-gate-opened'; details: RolloutNamed & { wave: number } }
  | { kind: 'rollout-paused'; details: RolloutNamed & { reason: PauseReason } }
  | { kind: 'rollout-resumed'; details: RolloutNamed }
  | { kind: 'rollout-stopped'; details: RolloutNamed }
  | { kind: 'rollout-finished'; details: RolloutNamed & { succeeded: number; failed: number; skipped: number } };

interface RolloutNamed {
  rolloutId: string;
  name: string;
}

/** What happened to those who may call. */
type AccountChangeTold =
  /** Without a name: to be the first operator, under one of their choice. */
  | { kind: 'operator-invited'; details: RightsTold & { name?: string; untilMs: number } }
  | { kind: 'operator-joined'; details: RightsTold & { name: string } }
  | { kind: 'operator-changed'; details: { name: string; from: RightsTold; to: RightsTold } }
  | { kind: 'operator-removed'; details: { name: string } }
  /** They may set a new password, with an invitation. */
  | { kind: 'new-password-offered'; details: { name: string; untilMs: number } }
  | { kind: 'password-changed'; details: { name: string } }
  | { kind: 'invitation-revoked'; details: { name?: string } }
  | { kind: 'operator-signed-in'; details: { name: string; address?: string } }
  | { kind: 'sessions-ended'; details: { name: string; count: number } }
  /** Without a name: there is no operator of that name. What was typed may be a password. */
  | { kind: 'sign-in-failed'; details: { name?: string; count: number; sinceMs: number } }
  | { kind: 'api-token-created'; details: RightsTold & { apiTokenId: string; name: string; expiresAtMs?: number } }
  | { kind: 'api-token-revoked'; details: { apiTokenId: string; name: string; reason?: string } };

/** What happened to a webhook. Its URL may be a secret, so that only its host is told. */
type WebhookChangeTold =
  | { kind: 'webhook-created'; details: WebhookNamed & { host: string } }
  | { kind: 'webhook-changed'; details: WebhookNamed & { host: string; changed: string[] } }
  | { kind: 'webhook-secret-rotated'; details: WebhookNamed & { version: number } }
  | { kind: 'webhook-enabled'; details: WebhookNamed }
  | { kind: 'webhook-disabled'; details: WebhookNamed & { reason: 'operator' | 'gone' | 'failing' | 'restored' } }
  | { kind: 'webhook-removed'; details: WebhookNamed };

interface WebhookNamed {
  webhookId: string;
  name: string;
}

interface RightsTold {
  role: Role;
  scope?: string;
}

interface NodeAlertTold {
  alert: NodeAlertKind;
  urgency: AlertUrgency;
}

interface GroupAlertTold {
  alert: Exclude<AlertKind, NodeAlertKind>;
  urgency: AlertUrgency;
  label: string;
  value: string;
  /** How many nodes are offline; of one that has closed, how many were at most. */
  nodeCount: number;
}

interface SnoozeTold {
  untilMs: number;
  note?: string;
}

interface MaintenanceTold {
  maintenanceId: string;
  selector: string;
}

interface CommandNamed {
  commandId: string;
  command: OpenEnum<CommandKind>;
}

type None = Readonly<Record<string, never>>;
