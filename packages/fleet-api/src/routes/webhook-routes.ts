import type { ShownWebhook } from '@serve.zone/baseos-cloudly-handlers';
import * as v from 'valibot';
import { answerDone, answerOf, answerWith } from '../route/answer.js';
import { flag, text, wholeNumber } from '../schemas/parts.js';
import {
  createdWebhook,
  delivery,
  deliveryState,
  eventKinds,
  rotatedWebhook,
  shownWebhook,
} from '../schemas/webhook-schemas.js';
import { fleetRoute } from './fleet-route.js';
import { limit } from './query-parts.js';

/** Where events are sent. */
export const webhookRoutes = {
  listWebhooks: fleetRoute('listWebhooks', {
    method: 'GET',
    path: '/webhooks',
    summary: 'Lists the webhooks, the oldest first',
    answer: answerWith('webhooks', v.array(shownWebhook)),
    take: () => [],
    give: () => ({}),
  }),
  createWebhook: fleetRoute('createWebhook', {
    method: 'PUT',
    path: '/webhooks/{webhookId}',
    summary: 'Adds a webhook under a UUID of your choice; its secret is shown this once',
    body: v.strictObject({
      name: text,
      url: text,
      kinds: v.optional(eventKinds),
      selector: v.optional(text),
    }),
    answer: answerOf(createdWebhook),
    take: ({ params, body }) => [{ id: params.webhookId, ...body }],
    give: ({ id = globalThis.crypto.randomUUID(), kinds, ...rest }) => ({
      params: { webhookId: id },
      body: { ...rest, kinds: kinds?.slice() },
    }),
  }),
  changeWebhook: fleetRoute('changeWebhook', {
    method: 'PATCH',
    path: '/webhooks/{webhookId}',
    summary: 'Changes a webhook; null chooses all events, or removes the selector',
    body: v.strictObject({
      name: v.optional(text),
      url: v.optional(text),
      kinds: v.optional(v.nullable(eventKinds)),
      selector: v.optional(v.nullable(text)),
    }),
    takesRevision: true,
    answer: answerOf(shownWebhook, { revisionOf: ({ revision }: ShownWebhook) => revision }),
    take: ({ params, body, revision }) => [params.webhookId, body, { revision }],
    give: (webhookId, { kinds, ...rest }, { revision } = {}) => ({
      params: { webhookId },
      body: { ...rest, kinds: kinds && kinds.slice() },
      revision,
    }),
  }),
  removeWebhook: fleetRoute('removeWebhook', {
    method: 'DELETE',
    path: '/webhooks/{webhookId}',
    summary: 'Removes a webhook, with all that it was going to send',
    answer: answerDone,
    take: ({ params }) => [params.webhookId],
    give: (webhookId) => ({ params: { webhookId } }),
  }),
  rotateWebhookSecret: fleetRoute('rotateWebhookSecret', {
    method: 'POST',
    path: '/webhooks/{webhookId}/rotate',
    summary: 'Makes another secret, which is shown this once; the one before signs for a day, too',
    answer: answerOf(rotatedWebhook),
    take: ({ params }) => [params.webhookId],
    give: (webhookId) => ({ params: { webhookId } }),
  }),
  enableWebhook: fleetRoute('enableWebhook', {
    method: 'POST',
    path: '/webhooks/{webhookId}/enable',
    summary: 'Uses a webhook again, from where it was or from now',
    body: v.optional(v.strictObject({ fromNow: v.optional(flag) })),
    answer: answerOf(shownWebhook),
    take: ({ params, body }) => [params.webhookId, body],
    give: (webhookId, options) => ({ params: { webhookId }, body: options }),
  }),
  disableWebhook: fleetRoute('disableWebhook', {
    method: 'POST',
    path: '/webhooks/{webhookId}/disable',
    summary: 'Sends nothing more by a webhook until it is enabled',
    answer: answerOf(shownWebhook),
    take: ({ params }) => [params.webhookId],
    give: (webhookId) => ({ params: { webhookId } }),
  }),
  testWebhook: fleetRoute('testWebhook', {
    method: 'POST',
    path: '/webhooks/{webhookId}/test',
    summary: 'Sends a test at once, and shows what came of it',
    answer: answerOf(delivery),
    take: ({ params }) => [params.webhookId],
    give: (webhookId) => ({ params: { webhookId } }),
  }),
  listDeliveries: fleetRoute('listDeliveries', {
    method: 'GET',
    path: '/webhooks/{webhookId}/deliveries',
    summary: 'Lists what a webhook has sent in 30 days and what waits, the newest first',
    query: { state: v.optional(deliveryState), before: v.optional(wholeNumber), limit },
    answer: answerWith('deliveries', v.array(delivery)),
    take: ({ params, query }) => [params.webhookId, query],
    give: (webhookId, query) => ({ params: { webhookId }, query: { ...query } }),
  }),
  resendDelivery: fleetRoute('resendDelivery', {
    method: 'POST',
    path: '/webhooks/{webhookId}/deliveries/{deliveryId}/resend',
    summary: 'Sends a delivery again, with all attempts before it',
    answer: answerOf(delivery, { status: 202 }),
    take: ({ params }) => [params.webhookId, params.deliveryId],
    give: (webhookId, deliveryId) => ({ params: { webhookId, deliveryId } }),
  }),
};
