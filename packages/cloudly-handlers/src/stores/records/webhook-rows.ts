import type {
  AttemptResult,
  Delivery,
  DeliveryKind,
  DeliveryState,
  DisabledReason,
  StoredWebhook,
  Webhook,
  WebhookPlace,
} from '../../fleet-store/webhook.js';
import type { NewDelivery } from '../../fleet-store/webhook-store.js';
import type { WebhookHealth } from '../../webhooks/change-health.js';

export interface WebhookRow {
  id: string;
  revision: number;
  record: string;
  epoch: string;
  position: number;
  disabled_at_ms: number | null;
  disabled_reason: string | null;
  failing_since_ms: number | null;
  waiting_count: number;
}

/** Values by column, in the order in which both dialects insert them. */
export function webhookColumns(webhook: Webhook, { epoch, position }: WebhookPlace) {
  return { id: webhook.id, revision: webhook.revision, record: JSON.stringify(webhook), epoch, position };
}

/** Values by column, in the order in which both dialects update them. */
export function healthColumns({ disabled, failingSinceMs }: WebhookHealth) {
  return {
    disabled_at_ms: disabled?.atMs ?? null,
    disabled_reason: disabled?.reason ?? null,
    failing_since_ms: failingSinceMs ?? null,
  };
}

export function webhookOf(row: WebhookRow): StoredWebhook {
  const { disabled_at_ms, disabled_reason, failing_since_ms } = row;
  return {
    webhook: { ...(JSON.parse(row.record) as Webhook), revision: row.revision },
    place: { epoch: row.epoch, position: row.position },
    ...(disabled_at_ms !== null && {
      disabled: { atMs: disabled_at_ms, reason: disabled_reason as DisabledReason },
    }),
    ...(failing_since_ms !== null && { failingSinceMs: failing_since_ms }),
    waitingCount: row.waiting_count,
  };
}

export interface DeliveryRow {
  number: number;
  id: string;
  webhook_id: string;
  kind: string;
  event_position: number | null;
  created_at_ms: number;
  state: string;
  attempts: number;
  due_at_ms: number;
  body: string;
  last: string | null;
}

/** The columns of a {@link DeliveryRow}. */
export const deliveryRowColumns =
  'number, id, webhook_id, kind, event_position, created_at_ms, state, attempts, due_at_ms, body, last';

/** Values by column, in the order in which both dialects insert them. With a lease, it is taken at once. */
export function deliveryColumns(webhookId: string, delivery: NewDelivery, leaseUntilMs?: number) {
  const { id, kind, position, createdAtMs, body } = delivery;
  const isTaken = leaseUntilMs !== undefined;
  return {
    id,
    webhook_id: webhookId,
    kind: kind as string,
    event_position: position ?? null,
    created_at_ms: createdAtMs,
    state: isTaken ? 'sending' : 'waiting',
    attempts: isTaken ? 1 : 0,
    due_at_ms: leaseUntilMs ?? createdAtMs,
    body,
  };
}

export function deliveryOf(row: DeliveryRow): Delivery {
  return {
    id: row.id,
    webhookId: row.webhook_id,
    number: row.number,
    kind: row.kind as DeliveryKind,
    ...(row.event_position !== null && { position: row.event_position }),
    createdAtMs: row.created_at_ms,
    state: row.state as DeliveryState,
    attempts: row.attempts,
    dueAtMs: row.due_at_ms,
    body: row.body,
    ...(row.last !== null && { last: JSON.parse(row.last) as AttemptResult }),
  };
}
