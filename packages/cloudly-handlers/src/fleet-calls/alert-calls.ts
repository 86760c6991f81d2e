import type { AlertAction } from '../alerts/alert-kinds.js';
import type { Alert, AlertCount, AlertCursor, AlertFilter } from '../fleet-store/alert.js';
import type { Maintenance } from '../fleet-store/maintenance.js';
import type { Caller } from './caller.js';
import type { SelectorInput } from './selector-input.js';

/** What needs somebody. */
export interface AlertCalls {
  /**
   * Alerts that are open, the most urgent first, of these the newest; 100 by default. With a scope, an alert of a group counts the
   * nodes in scope alone, and is not there without any.
   */
  listAlerts(caller: Caller, query?: AlertQuery): Promise<ShownAlertPage>;
  /** How many there are of each kind of which there are any. */
  countAlerts(caller: Caller, query?: AlertSelection): Promise<AlertCount[]>;
  /** Says that somebody knows. It ends by itself. One of a group needs all of its nodes in scope. */
  snoozeAlert(caller: Caller, alertId: string, snooze: NewSnooze): Promise<ShownAlert>;
  unsnoozeAlert(caller: Caller, alertId: string): Promise<ShownAlert>;
  /** Holds back alerts of some nodes for a time, by a UUID of your choice: the same again is the same one. */
  startMaintenance(caller: Caller, maintenance: NewMaintenance): Promise<Maintenance>;
  /** Those that begin last come first; 100 by default. With a scope, one's own alone. */
  listMaintenance(caller: Caller, query?: MaintenanceListQuery): Promise<Maintenance[]>;
  /** Ends one before its time: alerts that it held back open. */
  endMaintenance(caller: Caller, maintenanceId: string): Promise<Maintenance>;
}

/** An alert with what can be done about it. */
export interface ShownAlert extends Alert {
  /** What a person can do about it, in sentences. */
  remedy: string;
  actions: readonly AlertAction[];
}

export interface ShownAlertPage {
  alerts: ShownAlert[];
  /** Absent on the last page. */
  next?: AlertCursor;
}

export interface AlertSelection extends Omit<AlertFilter, 'selector'> {
  /** Alerts about nodes that it matches, and those of groups with such a node. @default all */
  selector?: SelectorInput | undefined;
}

export interface AlertQuery extends AlertSelection {
  /** `next` of the page before. */
  after?: AlertCursor | undefined;
  /** @default 100 */
  limit?: number | undefined;
}

export interface MaintenanceListQuery {
  /** Without those that are over. */
  isOpen?: boolean | undefined;
  /** @default 100 */
  limit?: number | undefined;
}

export interface NewSnooze {
  /** At most a year from now. */
  untilMs: number;
  note?: string | undefined;
}

export interface NewMaintenance {
  /** A UUID of your choice. @default a random one */
  id?: string | undefined;
  /** Judged when an alert would open, so it has no `state`, `seen` or `alert`, which change meanwhile. */
  selector: string;
  /** @default now */
  fromMs?: number | undefined;
  /** At most a year from then. */
  untilMs: number;
  note?: string | undefined;
}
