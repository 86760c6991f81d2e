import type { Delivery } from '../fleet-store/webhook.js';
import { attemptDelivery, LEASE_MS } from '../webhooks/attempt-delivery.js';
import { judgeAttempt } from '../webhooks/judge-attempt.js';
import { testBody } from '../webhooks/webhook-body.js';
import { type Call, requireLimit } from './call.js';
import { requireServices, requireWebhook, throwUnknownWebhook } from './find-webhook.js';
import { FleetError } from './fleet-error.js';
import type { DeliveryListQuery } from './webhook-calls.js';

const DELIVERIES = 100;
const DELIVERIES_MAX = 1000;

export async function testWebhook(call: Call, webhookId: string): Promise<Delivery> {
  const { fleet, nowMs, now, caller } = call;
  const { webhook } = await requireWebhook(call, webhookId);
  const { key, sender } = requireServices(call);
  const serverKey = await key.ensure();
  const context = { cloudlyId: await fleet.cloudlyId(), epoch: await fleet.eventsEpoch() };
  const test = {
    id: `msg_${globalThis.crypto.randomUUID()}`,
    kind: 'webhook-test' as const,
    createdAtMs: nowMs,
    body: testBody({ actor: caller.actor, atMs: nowMs }, context),
  };
  const delivery = await fleet.webhooks.addDelivery(webhookId, test, nowMs + LEASE_MS);
  if (!delivery) return throwUnknownWebhook(webhookId);
  const attempt = await attemptDelivery(webhook, delivery, { serverKey, sender, now });
  await fleet.webhooks.saveAttempt(judgeAttempt(delivery, attempt, 0));
  return (await fleet.webhooks.findDelivery(webhookId, delivery.id)) ?? throwUnknownWebhook(webhookId);
}

export async function listDeliveries(
  call: Call,
  webhookId: string,
  { state, before, limit = DELIVERIES }: DeliveryListQuery = {},
): Promise<Delivery[]> {
  await requireWebhook(call, webhookId);
  return call.fleet.webhooks.listDeliveries(webhookId, { state, before, limit: requireLimit(limit, DELIVERIES_MAX) });
}

export async function resendDelivery(call: Call, webhookId: string, deliveryId: string): Promise<Delivery> {
  await requireWebhook(call, webhookId);
  return (await call.fleet.webhooks.resend(webhookId, deliveryId, call.nowMs)) ?? throwUnknownDelivery(deliveryId);
}

function throwUnknownDelivery(deliveryId: string): never {
  throw new FleetError('delivery-unknown', `There is no delivery ${deliveryId} of this webhook`, {
    remedy: 'List the deliveries. They are kept for 30 days.',
  });
}
