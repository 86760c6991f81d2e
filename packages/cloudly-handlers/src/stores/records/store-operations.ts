import type { AlertStore } from '../../fleet-store/alert-store.js';
import type { OperatorStore } from '../../fleet-store/fleet-store.js';
import type { NodeStore } from '../../fleet/node-store.js';

// What each file of a store implements.

export type JoinTokenOperations = Pick<
  NodeStore,
  'addJoinToken' | 'findJoinToken' | 'listJoinTokens' | 'revokeJoinToken'
>;

export type CommandOperations = Pick<
  NodeStore,
  | 'addCommand'
  | 'findCommand'
  | 'cancelCommand'
  | 'offerCommands'
  | 'saveProgress'
  | 'endCommands'
  | 'saveCommandResults'
  | 'listCommands'
>;

export type ProfileOperations = Pick<OperatorStore, 'findProfile' | 'replaceProfile'>;

export type ViewOperations = Pick<OperatorStore, 'listViews' | 'saveView' | 'removeView'>;

export type AlertOperations = AlertStore;

export type BulkOperations = Pick<
  OperatorStore,
  | 'addBulkJob'
  | 'findBulkJob'
  | 'listBulkJobs'
  | 'confirmBulkJob'
  | 'stopBulkJob'
  | 'takeBulkNodes'
  | 'saveBulkResults'
  | 'listBulkResults'
>;
