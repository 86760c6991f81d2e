import type { StoredWebhook } from '../fleet-store/webhook.js';
import { keyFingerprint } from '../webhooks/derive-secret.js';
import type { WebhookServices } from '../webhooks/webhook-services.js';
import type { Call } from './call.js';
import { FleetError } from './fleet-error.js';
import type { ShownWebhook } from './webhook-calls.js';

export async function requireWebhook({ fleet }: Call, webhookId: string): Promise<StoredWebhook> {
  return (await fleet.webhooks.find(webhookId)) ?? throwUnknownWebhook(webhookId);
}

export function throwUnknownWebhook(webhookId: string): never {
  throw new FleetError('webhook-unknown', `There is no webhook ${webhookId}`, { remedy: 'List the webhooks.' });
}

/** @throws FleetError where nothing can send webhooks */
export function requireServices({ webhooks }: Call): WebhookServices {
  if (webhooks) return webhooks;
  throw new FleetError('webhooks-off', 'Webhooks are off: there is no server key', {
    remedy: 'Give the server a key, by a file or BASEOS_SECRET_KEY.',
  });
}

export async function showWebhook(call: Call, webhookId: string): Promise<ShownWebhook> {
  return shown(await requireWebhook(call, webhookId), await currentFingerprint(call));
}

export async function listWebhooks(call: Call): Promise<ShownWebhook[]> {
  const fingerprint = await currentFingerprint(call);
  return (await call.fleet.webhooks.list()).map((stored) => shown(stored, fingerprint));
}

function shown({ webhook, ...stored }: StoredWebhook, fingerprint: string | undefined): ShownWebhook {
  const { keyFingerprint: shownWith, ...rest } = webhook;
  const { disabled, failingSinceMs, waitingCount } = stored;
  return {
    ...rest,
    ...(disabled && { disabled }),
    ...(failingSinceMs !== undefined && { failingSinceMs }),
    waitingCount,
    key: fingerprint === undefined ? 'missing' : fingerprint === shownWith ? 'same' : 'changed',
  };
}

/** A key that cannot be used is none: listing goes on without it. */
async function currentFingerprint({ webhooks }: Call): Promise<string | undefined> {
  const key = await webhooks?.key.read().catch(() => undefined);
  return key && keyFingerprint(key);
}
