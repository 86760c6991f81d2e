import { alertKinds } from '../alerts/alert-kinds.js';
import type { Alert, AlertCount } from '../fleet-store/alert.js';
import { linesMistake } from '../operator/text-mistake.js';
import type { AlertQuery, AlertSelection, NewSnooze, ShownAlert, ShownAlertPage } from './alert-calls.js';
import { type Call, requireLimit, requireValue } from './call.js';
import { FleetError } from './fleet-error.js';
import { readSelector } from './read-selector.js';

const PAGE = 100;
const PAGE_MAX = 1000;
/** In characters. */
const NOTE_MAX_LENGTH = 1000;
export const YEAR_MS = 366 * 86_400_000;

export async function listAlerts({ store }: Call, query: AlertQuery = {}): Promise<ShownAlertPage> {
  const { selector, after, limit = PAGE, ...filter } = query;
  const { alerts, next } = await store.listAlerts({
    ...filter,
    ...(selector !== undefined && { selector: readSelector(selector) }),
    ...(after && { after }),
    limit: requireLimit(limit, PAGE_MAX),
  });
  return { alerts: alerts.map(shownAlert), ...(next && { next }) };
}

export async function countAlerts({ store }: Call, query: AlertSelection = {}): Promise<AlertCount[]> {
  const { selector, ...filter } = query;
  return store.countAlerts({ ...filter, ...(selector !== undefined && { selector: readSelector(selector) }) });
}

export async function snoozeAlert(call: Call, alertId: string, { untilMs, note }: NewSnooze): Promise<ShownAlert> {
  const { caller, nowMs, store } = call;
  requireTime('The snooze', untilMs, nowMs);
  const shown = readNote(note);
  const snooze = { untilMs, ...(shown !== undefined && { note: shown }), by: caller.actor, atMs: nowMs };
  return shownAlert((await store.snoozeAlert(alertId, snooze)) ?? throwUnknown(alertId));
}

export async function unsnoozeAlert({ store }: Call, alertId: string): Promise<ShownAlert> {
  return shownAlert((await store.snoozeAlert(alertId, undefined)) ?? throwUnknown(alertId));
}

/** With what a person can do about it. */
export function shownAlert(alert: Alert): ShownAlert {
  const { remedy, actions } = alertKinds[alert.kind];
  return { ...alert, remedy, actions };
}

/** @throws FleetError unless the time is after the other one, and within a year */
export function requireTime(what: string, untilMs: number, fromMs: number): void {
  const isGood = Number.isSafeInteger(untilMs) && untilMs > fromMs && untilMs <= fromMs + YEAR_MS;
  requireValue(isGood ? undefined : `${what} must end after it begins, and within a year`, 'Choose another time.');
}

/** @throws FleetError for a note that is none */
export function readNote(note: string | undefined): string | undefined {
  const shown = note?.trim() || undefined;
  requireValue(shown && linesMistake('The note', shown, NOTE_MAX_LENGTH), 'Shorten it, or change it.');
  return shown;
}

function throwUnknown(alertId: string): never {
  throw new FleetError('alert-unknown', `There is no alert ${alertId} that is open`, {
    remedy: 'List the alerts. It may be over, or about nodes that are out of your scope.',
  });
}
