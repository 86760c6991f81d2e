import type { ShownAlertPage } from '@serve.zone/baseos-cloudly-handlers';
import * as v from 'valibot';
import { formatAlertCursor, parseAlertCursor } from '../route/alert-cursor-text.js';
import { type Answer, answerOf, answerWith } from '../route/answer.js';
import { alertCount, maintenance, shownAlert } from '../schemas/alert-schemas.js';
import { alertKind, alertUrgency } from '../schemas/alert-words.js';
import { flag, text, wholeNumber } from '../schemas/parts.js';
import { fleetRoute } from './fleet-route.js';
import { limit, selector, selectorText } from './query-parts.js';

/** A page of alerts, with its end as a word for the next request. */
const pageAnswer: Answer<ShownAlertPage> = {
  status: 200,
  schema: v.object({ alerts: v.array(shownAlert), next: v.exactOptional(text) }),
  tell: ({ alerts, next }) => ({ alerts, ...(next && { next: formatAlertCursor(next) }) }),
  hear(body) {
    const { alerts, next } = body as Pick<ShownAlertPage, 'alerts'> & { next?: string };
    const cursor = next === undefined ? undefined : parseAlertCursor(next);
    return { alerts, ...(cursor && { next: cursor }) };
  },
};

/** Which alerts. */
const filter = {
  kinds: v.optional(v.array(alertKind)),
  urgencies: v.optional(v.array(alertUrgency)),
  isSnoozed: v.optional(flag),
  selector,
};

/** What needs somebody, and the times in which it does not. */
export const alertRoutes = {
  listAlerts: fleetRoute('listAlerts', {
    method: 'GET',
    path: '/alerts',
    summary: 'Lists the alerts that are open, the most urgent first, of these the newest',
    query: {
      ...filter,
      after: v.optional(
        v.pipe(
          text,
          v.check((word) => parseAlertCursor(word) !== undefined, 'cursor'),
        ),
      ),
      limit,
    },
    answer: pageAnswer,
    take: ({ query: { after, ...query } }) => [
      { ...query, ...(after !== undefined && { after: parseAlertCursor(after) }) },
    ],
    give: ({ kinds, urgencies, selector: selected, after, ...query } = {}) => ({
      query: {
        ...query,
        kinds: kinds?.slice(),
        urgencies: urgencies?.slice(),
        selector: selectorText(selected),
        after: after && formatAlertCursor(after),
      },
    }),
  }),
  countAlerts: fleetRoute('countAlerts', {
    method: 'GET',
    path: '/alert-counts',
    summary: 'Counts the alerts that are open, by their kinds',
    query: filter,
    answer: answerWith('counts', v.array(alertCount)),
    take: ({ query }) => [query],
    give: ({ kinds, urgencies, selector: selected, ...query } = {}) => ({
      query: { ...query, kinds: kinds?.slice(), urgencies: urgencies?.slice(), selector: selectorText(selected) },
    }),
  }),
  snoozeAlert: fleetRoute('snoozeAlert', {
    method: 'POST',
    path: '/alerts/{alertId}/snooze',
    summary: 'Says that somebody knows of an alert, until then',
    body: v.strictObject({ untilMs: wholeNumber, note: v.optional(text) }),
    answer: answerOf(shownAlert),
    take: ({ params, body }) => [params.alertId, body],
    give: (alertId, { untilMs, note }) => ({ params: { alertId }, body: { untilMs, note } }),
  }),
  unsnoozeAlert: fleetRoute('unsnoozeAlert', {
    method: 'POST',
    path: '/alerts/{alertId}/unsnooze',
    summary: 'Ends that before its time',
    answer: answerOf(shownAlert),
    take: ({ params }) => [params.alertId],
    give: (alertId) => ({ params: { alertId } }),
  }),
  startMaintenance: fleetRoute('startMaintenance', {
    method: 'PUT',
    path: '/maintenance/{maintenanceId}',
    summary: 'Holds back alerts of some nodes for a time, under a UUID of your choice',
    body: v.strictObject({
      selector: text,
      fromMs: v.optional(wholeNumber),
      untilMs: wholeNumber,
      note: v.optional(text),
    }),
    answer: answerOf(maintenance),
    take: ({ params, body }) => [{ id: params.maintenanceId, ...body }],
    give: ({ id = globalThis.crypto.randomUUID(), selector: selected, fromMs, untilMs, note }) => ({
      params: { maintenanceId: id },
      body: { selector: selected, fromMs, untilMs, note },
    }),
  }),
  listMaintenance: fleetRoute('listMaintenance', {
    method: 'GET',
    path: '/maintenance',
    summary: 'Lists the maintenances, those that begin last first',
    query: { isOpen: v.optional(flag), limit },
    answer: answerWith('maintenances', v.array(maintenance)),
    take: ({ query }) => [query],
    give: (query) => ({ query: { isOpen: query?.isOpen, limit: query?.limit } }),
  }),
  endMaintenance: fleetRoute('endMaintenance', {
    method: 'POST',
    path: '/maintenance/{maintenanceId}/end',
    summary: 'Ends a maintenance before its time: alerts that it held back open',
    answer: answerOf(maintenance),
    take: ({ params }) => [params.maintenanceId],
    give: (maintenanceId) => ({ params: { maintenanceId } }),
  }),
};
