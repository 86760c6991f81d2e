import { countAlerts, listAlerts, snoozeAlert, unsnoozeAlert } from './fleet-calls/alerts.js';
import { approveRollout } from './fleet-calls/approve-rollout.js';
import { bulkProgress, bulkResults, confirmBulk, listBulk, previewBulk, stopBulk } from './fleet-calls/bulk.js';
import { type Call, requireRole } from './fleet-calls/call.js';
import type { CallerFleet } from './fleet-calls/caller-fleet.js';
import type { Caller } from './fleet-calls/caller.js';
import { changeRollout } from './fleet-calls/change-rollout.js';
import { label, labelKeys, labelValues, rename, setNotes } from './fleet-calls/change-profile.js';
import { cancelCommand, getCommand, listCommands, queueCommand } from './fleet-calls/command-node.js';
import {
  allowRebind,
  approve,
  forget,
  resolveClone,
  revoke,
  rotateToken,
  setUpdatesMode,
  unrevoke,
  voidTokens,
} from './fleet-calls/decide-node.js';
import type { Fleet } from './fleet-calls/fleet.js';
import { fleetRoles } from './fleet-calls/fleet-roles.js';
import {
  pauseAllRollouts,
  pauseRollout,
  resumeRollout,
  startRollout,
  stopRollout,
} from './fleet-calls/move-rollout.js';
import { previewRollout } from './fleet-calls/preview-rollout.js';
import { createJoinToken, listJoinTokens, revokeJoinToken } from './fleet-calls/join-tokens.js';
import { endMaintenance, listMaintenance, startMaintenance } from './fleet-calls/maintenances.js';
import { eventsEpoch, listEvents, timeline } from './fleet-calls/read-events.js';
import {
  countBy,
  countNodes,
  getNode,
  history,
  listNodes,
  liveNodes,
  resolveNode,
  summary,
} from './fleet-calls/read-nodes.js';
import { recover } from './fleet-calls/recover.js';
import { createRollout, getRollout, listRolloutMembers, listRollouts } from './fleet-calls/rollouts.js';
import { runBulk } from './fleet-calls/run-bulk.js';
import {
  changeWebhook,
  createWebhook,
  disableWebhook,
  enableWebhook,
  removeWebhook,
  rotateWebhookSecret,
} from './fleet-calls/change-webhook.js';
import { listWebhooks } from './fleet-calls/find-webhook.js';
import { listDeliveries, resendDelivery, testWebhook } from './fleet-calls/send-webhook.js';
import type { WebhookServices } from './webhooks/webhook-services.js';
import { takeOverMember } from './fleet-calls/take-over-member.js';
import { listViews, removeView, saveView } from './fleet-calls/views.js';
import { why } from './fleet-calls/why.js';
import { runtime } from './fleet/runtime.js';
import type { FleetStore } from './fleet-store/fleet-store.js';

export interface FleetOptions {
  store: FleetStore;
  /** @default Date.now */
  now?: (() => number) | undefined;
  /**
   * The keys of labels that anybody's scope uses: only admins without a scope change these. Those of a caller's own scope are
   * always among them.
   *
   * @default none
   */
  scopedLabelKeys?: (() => readonly string[] | Promise<readonly string[]>) | undefined;
  /** The server key, and what sends webhooks. Without it, none can be created or tested. @default none */
  webhooks?: WebhookServices | undefined;
}

/** The fleet for operators, over a store: every call says who calls, and does what their role and scope allow. */
export function createFleet({ store, now = runtime.now, scopedLabelKeys = () => [], webhooks }: FleetOptions): Fleet {
  const callOf = (caller: Caller): Call => {
    const { actor, scope } = caller;
    const nowMs = now();
    return {
      caller,
      nowMs,
      now,
      webhooks,
      fleet: store,
      store: store.as({ actor, nowMs, scope }),
      scopedLabelKeys: async () => new Set(await scopedLabelKeys()),
    };
  };
  const guarded = (name: keyof Fleet) => {
    const method: (call: Call, ...rest: never[]) => Promise<unknown> = methods[name];
    return async (caller: Caller, ...rest: never[]): Promise<unknown> => {
      requireRole({ caller }, fleetRoles[name], `call ${name}`);
      return method(callOf(caller), ...rest);
    };
  };
  const names = Object.keys(methods) as (keyof Fleet)[];
  return Object.fromEntries(names.map((name) => [name, guarded(name)])) as unknown as Fleet;
}

type Methods = {
  [Name in keyof Fleet]: (call: Call, ...rest: Parameters<CallerFleet[Name]>) => ReturnType<CallerFleet[Name]>;
};

const methods: Methods = {
  summary,
  listNodes,
  countNodes,
  countBy,
  liveNodes,
  getNode,
  resolveNode,
  history,
  timeline,
  listEvents,
  eventsEpoch,
  rename,
  setNotes,
  label,
  labelKeys,
  labelValues,
  approve,
  revoke,
  unrevoke,
  forget,
  allowRebind,
  resolveClone,
  rotateToken,
  voidTokens,
  setUpdatesMode,
  queueCommand,
  cancelCommand,
  getCommand,
  listCommands,
  createJoinToken,
  listJoinTokens,
  revokeJoinToken,
  listViews,
  saveView,
  removeView,
  previewBulk,
  confirmBulk,
  runBulk,
  stopBulk,
  bulkProgress,
  bulkResults,
  listBulk,
  listAlerts,
  countAlerts,
  snoozeAlert,
  unsnoozeAlert,
  startMaintenance,
  listMaintenance,
  endMaintenance,
  listWebhooks,
  createWebhook,
  changeWebhook,
  removeWebhook,
  rotateWebhookSecret,
  enableWebhook,
  disableWebhook,
  testWebhook,
  listDeliveries,
  resendDelivery,
  createRollout,
  changeRollout,
  previewRollout,
  startRollout,
  approveRollout,
  pauseRollout,
  resumeRollout,
  stopRollout,
  pauseAllRollouts,
  takeOverMember,
  getRollout,
  listRollouts,
  listRolloutMembers,
  why,
  recover,
};
