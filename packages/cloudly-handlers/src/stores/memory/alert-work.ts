import type { KeptGroupAlert } from '../../alert-keeping/kept-alert.js';
import type { AlertSnooze } from '../../fleet-store/alert.js';
import type { Maintenance } from '../../fleet-store/maintenance.js';
import { MAINTENANCES_KEPT_MS } from '../records/maintenance-rows.js';

/** What is kept of alerts beside those of the nodes themselves. */
export interface AlertWork {
  groups: Map<string, KeptGroupAlert>;
  /** Of these, by their IDs. */
  snoozes: Map<string, AlertSnooze>;
  /** In the order in which they were added. */
  maintenances: Map<string, Maintenance>;
  /** Drops those that are old. */
  drop(this: void, nowMs: number): void;
}

export function createAlertWork(): AlertWork {
  const maintenances = new Map<string, Maintenance>();
  return {
    groups: new Map(),
    snoozes: new Map(),
    maintenances,
    drop(nowMs) {
      for (const { id, untilMs } of maintenances.values()) {
        if (untilMs <= nowMs - MAINTENANCES_KEPT_MS) maintenances.delete(id);
      }
    },
  };
}
