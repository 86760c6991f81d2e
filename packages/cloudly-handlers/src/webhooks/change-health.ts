import type { FleetWideEventBody } from '../events/fleet-event.js';
import type { DisabledReason, StoredWebhook } from '../fleet-store/webhook.js';
import type { ReceiverVerdict } from '../fleet-store/webhook-store.js';

/** For so long nothing was delivered to a receiver that is given up. */
export const FAILING_MAX_MS = 5 * 24 * 3_600_000;

/** How a receiver has answered lately. */
export type WebhookHealth = Pick<StoredWebhook, 'disabled' | 'failingSinceMs'>;

export interface HealthChange {
  health: WebhookHealth;
  told: FleetWideEventBody[];
}

/** What an attempt means for the webhook; `undefined` if nothing changes. One that is disabled stays so. */
export function changeHealth(
  { webhook, disabled, failingSinceMs }: Pick<StoredWebhook, 'webhook' | 'disabled' | 'failingSinceMs'>,
  verdict: ReceiverVerdict,
  atMs: number,
): HealthChange | undefined {
  if (verdict === 'delivered') {
    return failingSinceMs === undefined ? undefined : { health: { ...(disabled && { disabled }) }, told: [] };
  }
  const sinceMs = Math.min(failingSinceMs ?? atMs, atMs);
  const reason = reasonToDisable(verdict, atMs - sinceMs);
  if (reason === undefined || disabled) {
    if (failingSinceMs === sinceMs) return undefined;
    return { health: { ...(disabled && { disabled }), failingSinceMs: sinceMs }, told: [] };
  }
  const { id: webhookId, name } = webhook;
  return {
    health: { disabled: { atMs, reason }, failingSinceMs: sinceMs },
    told: [{ kind: 'webhook-disabled', details: { webhookId, name, reason } }],
  };
}

function reasonToDisable(verdict: ReceiverVerdict, failingForMs: number): DisabledReason | undefined {
  if (verdict === 'gone') return 'gone';
  return failingForMs >= FAILING_MAX_MS ? 'failing' : undefined;
}
