import type { Actor } from '../events/actor.js';
import type { FleetStore } from '../fleet-store/fleet-store.js';
import type { StoredWebhook } from '../fleet-store/webhook.js';

export interface DisableRestoredOptions {
  atMs: number;
  actor: Actor;
}

/**
 * Disables webhooks of a fleet that was restored, because it is not known what they have sent since the backup. Resolves with
 * those that it has disabled.
 */
export async function disableRestored(
  { webhooks }: Pick<FleetStore, 'webhooks'>,
  stored: readonly StoredWebhook[],
  { atMs, actor }: DisableRestoredOptions,
): Promise<StoredWebhook[]> {
  const reason = 'restored';
  const disabled: StoredWebhook[] = [];
  for (const each of stored.filter((candidate) => !candidate.disabled)) {
    const { id: webhookId, name } = each.webhook;
    const told = { atMs, actor, kind: 'webhook-disabled', details: { webhookId, name, reason } } as const;
    if (await webhooks.disable(webhookId, { atMs, reason }, [told])) disabled.push(each);
  }
  return disabled;
}
