import type { Alert, AlertCount, AlertPage, AlertSnooze, StoreAlertFilter, StoreAlertQuery } from './alert.js';
import type { Maintenance } from './maintenance.js';

/** What a store keeps of alerts for operators, and of the times in which none open. */
export interface AlertStore {
  /**
   * Alerts that are open, without those that are part of a group's. With a scope, those of nodes in scope, and those of groups with
   * a node in scope, which count these alone.
   */
  listAlerts(query: StoreAlertQuery): Promise<AlertPage>;
  /** How many there are of each kind of which there are any. */
  countAlerts(filter: StoreAlertFilter): Promise<AlertCount[]>;
  /**
   * Snoozes an alert that is open, or ends its snooze. Resolves with the resulting alert; with `undefined` if there is none, or if
   * some of its nodes are out of scope.
   */
  snoozeAlert(alertId: string, snooze: AlertSnooze | undefined): Promise<Alert | undefined>;

  /** Keeps it, unless there is one with its `id`. Resolves with the one that is kept. */
  addMaintenance(maintenance: Maintenance): Promise<Maintenance>;
  /** With a scope there are only those of the same actor, for this operation and for those that follow. */
  findMaintenance(maintenanceId: string): Promise<Maintenance | undefined>;
  /** Those that begin last come first. */
  listMaintenance(query: MaintenanceQuery): Promise<Maintenance[]>;
  /** Sets `endedAtMs` unless it is set, or it is over. What it held back may open. Resolves with the resulting one. */
  endMaintenance(maintenanceId: string): Promise<Maintenance | undefined>;
}

export interface MaintenanceQuery {
  /** Without those that are over. */
  isOpen?: boolean | undefined;
  limit: number;
}
