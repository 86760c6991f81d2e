import type { WrittenEvent } from '../events/fleet-event.js';
import type {
  AttemptResult,
  Delivery,
  DeliveryState,
  DisabledReason,
  StoredWebhook,
  Webhook,
  WebhookPlace,
} from './webhook.js';

/**
 * Keeps webhooks and their deliveries. It keeps, and others decide: who may change a webhook, which events it gets, and when an
 * attempt is due.
 *
 * - **An event is queued once for a webhook**, by whichever process: the place moves together with what is queued, or neither does.
 * - **A delivery is taken by one process at a time**, until its lease ends.
 * - A change is stored with its events, durably, or not at all.
 * - `tidy` drops deliveries after 30 days, whatever became of them.
 */
export interface WebhookStore {
  /** The oldest first. There are few. */
  list(this: void): Promise<StoredWebhook[]>;
  find(this: void, webhookId: string): Promise<StoredWebhook | undefined>;
  /** Resolves with `false` if there is one with its ID. */
  add(this: void, webhook: Webhook, place: WebhookPlace, events: readonly WrittenEvent[]): Promise<boolean>;
  /** Replaces the one with its `id` and `revision` by it with `revision + 1`. Resolves with whether it did. */
  replace(this: void, webhook: Webhook, events: readonly WrittenEvent[]): Promise<boolean>;
  /** Removes it with its deliveries. Resolves with whether it was there. */
  remove(this: void, webhookId: string, events: readonly WrittenEvent[]): Promise<boolean>;
  /** Resolves with `false`, and changes nothing, if it is disabled already or not there. */
  disable(this: void, webhookId: string, disabled: Disabling, events: readonly WrittenEvent[]): Promise<boolean>;
  /** Resolves with `false`, and changes nothing, if it is enabled already or not there. */
  enable(this: void, webhookId: string, enabling: Enabling, events: readonly WrittenEvent[]): Promise<boolean>;

  /** Carries out the moves of those webhooks that are enabled and still at `from`. Resolves with their IDs. */
  move(this: void, moves: readonly WebhookMove[]): Promise<string[]>;
  /** The webhooks that are enabled and have something to send, and when the first of that is due. */
  listDue(this: void): Promise<DueWebhook[]>;
  /**
   * Takes deliveries that are due, the first due first: each is `sending`, has one attempt more, and is due again when the lease
   * ends. None of a webhook that is disabled.
   */
  take(this: void, take: TakeDeliveries): Promise<Delivery[]>;
  /**
   * Keeps what came of an attempt, unless somebody has begun another one or the delivery is gone; resolves with whether it did.
   * Then `changeHealth` decides what that means for the webhook.
   */
  saveAttempt(this: void, ended: EndedAttempt): Promise<boolean>;

  /** Queues a delivery, or changes nothing if there is no such webhook. With a lease, it is taken at once. */
  addDelivery(
    this: void,
    webhookId: string,
    delivery: NewDelivery,
    leaseUntilMs?: number,
  ): Promise<Delivery | undefined>;
  findDelivery(this: void, webhookId: string, deliveryId: string): Promise<Delivery | undefined>;
  /** The newest first. */
  listDeliveries(this: void, webhookId: string, query: DeliveryQuery): Promise<Delivery[]>;
  /** Lets a delivery wait with all attempts before it, unless it is being sent. Resolves with how it stands then. */
  resend(this: void, webhookId: string, deliveryId: string, nowMs: number): Promise<Delivery | undefined>;
}

export interface Disabling {
  atMs: number;
  reason: DisabledReason;
}

export interface Enabling {
  atMs: number;
  /** Goes on from there; what waited is skipped. Without it, it goes on where it was. */
  place?: WebhookPlace | undefined;
}

/** What becomes of a webhook by events that it has not seen. */
export interface WebhookMove {
  webhookId: string;
  from: WebhookPlace;
  /** A position of the same epoch. */
  to: number;
  /** In the order of their events. */
  deliveries: readonly NewDelivery[];
}

export type NewDelivery = Pick<Delivery, 'id' | 'kind' | 'position' | 'createdAtMs' | 'body'>;

export interface DueWebhook {
  webhookId: string;
  dueAtMs: number;
}

export interface TakeDeliveries {
  webhookId: string;
  nowMs: number;
  leaseUntilMs: number;
  limit: number;
}

export interface EndedAttempt {
  webhookId: string;
  deliveryId: string;
  /** Which attempt it was: how many the delivery had when it was taken. */
  attempts: number;
  result: AttemptResult;
  state: Exclude<DeliveryState, 'sending'>;
  /** Of the next attempt, if it waits. */
  dueAtMs: number;
  /** What it says about the receiver; `undefined` says nothing. */
  verdict: ReceiverVerdict | undefined;
}

/** - `gone`: it wants nothing any more. */
export type ReceiverVerdict = 'delivered' | 'failed' | 'gone';

export interface DeliveryQuery {
  state?: DeliveryState | undefined;
  /** Those with a lower number. */
  before?: number | undefined;
  limit: number;
}
