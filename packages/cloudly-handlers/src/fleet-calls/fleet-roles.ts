import { type Role, roles } from '../roles/role.js';
import type { Caller } from './caller.js';
import type { Fleet } from './fleet.js';

/** A role, or `unscoped-admin`: an admin of the whole fleet. */
export type NeededRole = Role | 'unscoped-admin';

/**
 * What each call needs at least. Some need more for some values: a command with force and what others made need an admin, and so
 * does the revocation of a node that was approved; a label that a scope uses needs an admin without a scope.
 */
export const fleetRoles: Readonly<Record<keyof Fleet, NeededRole>> = {
  summary: 'view',
  listNodes: 'view',
  countNodes: 'view',
  countBy: 'view',
  liveNodes: 'view',
  getNode: 'view',
  resolveNode: 'view',
  history: 'view',
  timeline: 'view',
  listEvents: 'view',
  eventsEpoch: 'view',
  rename: 'operate',
  setNotes: 'operate',
  label: 'operate',
  labelKeys: 'view',
  labelValues: 'view',
  approve: 'operate',
  revoke: 'operate',
  unrevoke: 'admin',
  forget: 'admin',
  allowRebind: 'admin',
  resolveClone: 'admin',
  rotateToken: 'operate',
  voidTokens: 'admin',
  setUpdatesMode: 'operate',
  queueCommand: 'operate',
  cancelCommand: 'operate',
  getCommand: 'view',
  listCommands: 'view',
  createJoinToken: 'operate',
  listJoinTokens: 'operate',
  revokeJoinToken: 'operate',
  listViews: 'view',
  saveView: 'operate',
  removeView: 'operate',
  previewBulk: 'operate',
  confirmBulk: 'operate',
  runBulk: 'operate',
  stopBulk: 'operate',
  bulkProgress: 'operate',
  bulkResults: 'operate',
  listBulk: 'operate',
  listAlerts: 'view',
  countAlerts: 'view',
  snoozeAlert: 'operate',
  unsnoozeAlert: 'operate',
  startMaintenance: 'operate',
  listMaintenance: 'view',
  endMaintenance: 'operate',
  listWebhooks: 'unscoped-admin',
  createWebhook: 'unscoped-admin',
  changeWebhook: 'unscoped-admin',
  removeWebhook: 'unscoped-admin',
  rotateWebhookSecret: 'unscoped-admin',
  enableWebhook: 'unscoped-admin',
  disableWebhook: 'unscoped-admin',
  testWebhook: 'unscoped-admin',
  listDeliveries: 'unscoped-admin',
  resendDelivery: 'unscoped-admin',
  createRollout: 'operate',
  changeRollout: 'operate',
  previewRollout: 'operate',
  startRollout: 'operate',
  approveRollout: 'operate',
  pauseRollout: 'operate',
  resumeRollout: 'operate',
  stopRollout: 'operate',
  pauseAllRollouts: 'operate',
  takeOverMember: 'operate',
  getRollout: 'view',
  listRollouts: 'view',
  listRolloutMembers: 'view',
  why: 'view',
  recover: 'unscoped-admin',
};

/** Whether a caller has a role, or one above it. */
export function hasRole({ role, scope }: Pick<Caller, 'role' | 'scope'>, needed: NeededRole): boolean {
  if (needed === 'unscoped-admin') return role === 'admin' && scope === undefined;
  return roles.indexOf(role) >= roles.indexOf(needed);
}
