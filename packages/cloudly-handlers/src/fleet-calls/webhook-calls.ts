import type { FleetEventKind } from '../events/fleet-event.js';
import type { Delivery, DeliveryState, StoredWebhook, Webhook } from '../fleet-store/webhook.js';
import type { Caller } from './caller.js';

/** Where events are sent: for admins of the whole fleet. */
export interface WebhookCalls {
  /** The oldest first. */
  listWebhooks(caller: Caller): Promise<ShownWebhook[]>;
  /**
   * Sends events from now on. The secret is shown this once; the same webhook with the same ID again is the same webhook, without
   * it.
   */
  createWebhook(caller: Caller, webhook: NewWebhook): Promise<CreatedWebhook>;
  changeWebhook(
    caller: Caller,
    webhookId: string,
    changes: WebhookChanges,
    options?: WebhookChange,
  ): Promise<ShownWebhook>;
  /** Removes it with all that it was going to send. */
  removeWebhook(caller: Caller, webhookId: string): Promise<void>;
  /** Makes another secret, which is shown this once. For a day, the one before signs, too. */
  rotateWebhookSecret(caller: Caller, webhookId: string): Promise<CreatedWebhook & { secret: string }>;
  /** Sends again what a webhook has missed since it was disabled, or only what happens from now on. */
  enableWebhook(caller: Caller, webhookId: string, options?: EnableWebhook): Promise<ShownWebhook>;
  disableWebhook(caller: Caller, webhookId: string): Promise<ShownWebhook>;
  /** Sends a test at once, also by a webhook that is disabled. Resolves with what came of it. */
  testWebhook(caller: Caller, webhookId: string): Promise<Delivery>;
  /** What was sent in the last 30 days and what waits, the newest first, 100 by default. */
  listDeliveries(caller: Caller, webhookId: string, query?: DeliveryListQuery): Promise<Delivery[]>;
  /** Sends a delivery again, with all attempts before it, unless it is being sent. */
  resendDelivery(caller: Caller, webhookId: string, deliveryId: string): Promise<Delivery>;
}

export interface NewWebhook {
  /** A UUID of your choice. @default a random one */
  id?: string | undefined;
  name: string;
  url: string;
  /** @default all */
  kinds?: readonly FleetEventKind[] | undefined;
  /** Only events of nodes that it matches when they are queued. @default events of all nodes, and of the fleet */
  selector?: string | undefined;
}

/** What is absent stays. */
export interface WebhookChanges {
  name?: string | undefined;
  url?: string | undefined;
  /** `null`: all. */
  kinds?: readonly FleetEventKind[] | null | undefined;
  /** `null`: none. */
  selector?: string | null | undefined;
}

export interface WebhookChange {
  /** Reject the change unless the webhook still has this revision. */
  revision?: number | undefined;
}

export interface CreatedWebhook {
  webhook: ShownWebhook;
  /** Such as `whsec_...`; absent if it was shown before. */
  secret?: string;
}

export interface EnableWebhook {
  /** Leaves out what happened while it was disabled, and what waited. After a restore this is always so. */
  fromNow?: boolean | undefined;
}

export interface DeliveryListQuery {
  state?: DeliveryState | undefined;
  /** Those with a lower `number`. */
  before?: number | undefined;
  limit?: number | undefined;
}

/**
 * The server key, as a webhook sees it:
 *
 * - `same`: the secret that was shown is the one that signs.
 * - `changed`: deliveries are signed by another secret. Rotating shows it.
 * - `missing`: there is none, so that nothing is sent.
 */
export type WebhookKeyState = 'same' | 'changed' | 'missing';

/** A webhook and how it is doing. */
export interface ShownWebhook
  extends Omit<Webhook, 'keyFingerprint'>, Pick<StoredWebhook, 'disabled' | 'failingSinceMs' | 'waitingCount'> {
  key: WebhookKeyState;
}
