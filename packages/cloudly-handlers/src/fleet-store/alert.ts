import type { AlertKind, AlertUrgency } from '../alerts/alert-kinds.js';
import type { Actor } from '../events/actor.js';
import type { Selector } from '../selector/selector.js';

/** An alert that is open: something about a node, or about nodes with the same label, that needs somebody. */
export interface Alert {
  /** The kind and what it is about: the same alert, if it opens again, has the same one. */
  id: string;
  kind: AlertKind;
  urgency: AlertUrgency;
  /** Since when its condition holds. */
  sinceMs: number;
  openedAtMs: number;
  /** Present while its condition is gone, or known to end: it closes then, unless that is back before. */
  closesAtMs?: number;
  /** The node that it is about. */
  node?: AlertNode;
  /** The nodes that it is about. */
  group?: AlertGroup;
  /** While it is snoozed. */
  snooze?: AlertSnooze;
  /** While the node is in a maintenance that began after it had opened: until then. */
  maintenanceUntilMs?: number;
}

export interface AlertNode {
  nodeId: string;
  /** As people see it. */
  shownName?: string;
  labels: Readonly<Record<string, string>>;
}

export interface AlertGroup {
  label: string;
  value: string;
  /** How many of its nodes are still offline, in the caller's scope. */
  nodeCount: number;
  /** Selects them. */
  selector: string;
}

/** Somebody knows, and does not want to be told until then. It ends by itself, and with its alert. */
export interface AlertSnooze {
  untilMs: number;
  note?: string;
  by: Actor;
  atMs: number;
}

export interface AlertFilter {
  kinds?: readonly AlertKind[] | undefined;
  urgencies?: readonly AlertUrgency[] | undefined;
  /** `true`: only those that are snoozed; `false`: only the others. */
  isSnoozed?: boolean | undefined;
  /** Alerts about nodes that it matches, and those about groups with such a node. */
  selector?: Selector | undefined;
}

export interface StoreAlertFilter extends AlertFilter {
  /** Alerts about this node alone, also those that are part of a group's. */
  nodeId?: string | undefined;
}

export interface StoreAlertQuery extends StoreAlertFilter {
  /** `next` of the page before. */
  after?: AlertCursor | undefined;
  limit: number;
}

/** Where a page ends: what its last alert is sorted by. */
export interface AlertCursor {
  /** A number that grows with the urgency, from 1. */
  rank: number;
  sinceMs: number;
  id: string;
}

/** The most urgent first, of these the newest. */
export interface AlertPage {
  alerts: Alert[];
  /** Absent on the last page. */
  next?: AlertCursor;
}

export interface AlertCount {
  kind: AlertKind;
  /** All of them. */
  count: number;
  snoozedCount: number;
}
