import type { Actor } from '../events/actor.js';
import type { FleetEventKind } from '../events/fleet-event.js';

/** Where events of the fleet are sent, as operators have set it. */
export interface Webhook {
  /** A UUID that the caller chooses. */
  id: string;
  /** Counts the changes that operators make. */
  revision: number;
  name: string;
  url: string;
  /** Absent: all of them. */
  kinds?: FleetEventKind[];
  /** Only events of nodes that it matches when they are queued, and none of the fleet as a whole. As it was typed. */
  selector?: string;
  createdBy: Actor;
  createdAtMs: number;
  /** The secret is derived from it; nothing of the secret is stored. */
  secretVersion: number;
  /** The version before signs for a day from then, too. */
  secretChangedAtMs: number;
  /** Of the server key with which the secret was shown last. */
  keyFingerprint: string;
}

/**
 * - `operator`: somebody wanted it so.
 * - `gone`: the receiver has answered with 410.
 * - `failing`: nothing was delivered for days.
 * - `restored`: the fleet is in an earlier state, so that it is not known what was sent.
 */
export type DisabledReason = 'operator' | 'gone' | 'failing' | 'restored';

/** A position in the events of an epoch. */
export interface WebhookPlace {
  epoch: string;
  position: number;
}

/** A webhook, and what the servers note about it. */
export interface StoredWebhook {
  webhook: Webhook;
  /** Events up to there are queued. */
  place: WebhookPlace;
  /** Nothing is queued or sent. */
  disabled?: { atMs: number; reason: DisabledReason };
  /** The first failure since something was delivered. */
  failingSinceMs?: number;
  /** Deliveries that are queued and not over, counted up to one more than {@link WAITING_MAX}. */
  waitingCount: number;
}

/** So many deliveries of a webhook are queued at a time; other events wait in the list of events. */
export const WAITING_MAX = 1000;

/** How long deliveries are kept, whatever became of them. */
export const DELIVERIES_KEPT_MS = 30 * 24 * 3_600_000;

/**
 * - `waiting`: for its next attempt.
 * - `sending`: an attempt is under way. If its process has died, another one begins at `dueAtMs`.
 * - `delivered`, `failed`: it is over.
 */
export const deliveryStates = ['waiting', 'sending', 'delivered', 'failed'] as const;

export type DeliveryState = (typeof deliveryStates)[number];

export type DeliveryKind = FleetEventKind | 'webhook-test';

/** One event on its way to one webhook. */
export interface Delivery {
  /** The `webhook-id` of every attempt. */
  id: string;
  webhookId: string;
  /** Grows from delivery to delivery of a store, to list them by. */
  number: number;
  kind: DeliveryKind;
  /** Of the event. */
  position?: number;
  createdAtMs: number;
  state: DeliveryState;
  /** Those that were begun. */
  attempts: number;
  dueAtMs: number;
  /** What is sent, to the byte. */
  body: string;
  /** What came of the last attempt that ended. */
  last?: AttemptResult;
}

export interface AttemptResult {
  atMs: number;
  tookMs: number;
  /** Of the answer, if there was one. */
  status?: number;
  /** Absent if it was delivered. */
  problem?: DeliveryProblem;
}

/**
 * - `address-refused`: the address is none that webhooks may be sent to.
 * - `name-unknown`: the host name has no address.
 * - `refused`: nothing listens there.
 * - `unreachable`: there is no way there, or the connection broke.
 * - `tls-failed`: the certificate is not valid for that host, or there is no TLS.
 * - `timeout`: there was no answer in time.
 * - `redirected`: the answer names another address, which is not followed.
 * - `rejected`: the answer has another status than 2xx.
 * - `answer-unreadable`: what came is no answer of HTTP.
 * - `url-refused`: the URL is none that webhooks may have.
 * - `skipped`: an operator has left it out.
 */
export const deliveryProblems = [
  'address-refused',
  'name-unknown',
  'refused',
  'unreachable',
  'tls-failed',
  'timeout',
  'redirected',
  'rejected',
  'answer-unreadable',
  'url-refused',
  'skipped',
] as const;

export type DeliveryProblem = (typeof deliveryProblems)[number];
