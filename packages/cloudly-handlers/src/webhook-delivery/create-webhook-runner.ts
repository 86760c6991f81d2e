import { FleetError } from '../fleet-calls/fleet-error.js';
import { runtime } from '../fleet/runtime.js';
import type { FleetStore } from '../fleet-store/fleet-store.js';
import type { Delivery, StoredWebhook } from '../fleet-store/webhook.js';
import { startTimer as startRealTimer, type StartTimer } from '../waking/timer.js';
import { attemptDelivery, LEASE_MS } from '../webhooks/attempt-delivery.js';
import { disableRestored } from '../webhooks/disable-restored.js';
import { judgeAttempt } from '../webhooks/judge-attempt.js';
import type { WebhookServices } from '../webhooks/webhook-services.js';
import { queueEvents } from './queue-events.js';

export interface WebhookRunnerOptions extends WebhookServices {
  store: FleetStore;
  /** Called with why the runner could not do its work; it goes on. */
  onError?: ((error: unknown) => void) | undefined;
  /** @default Date.now */
  now?: (() => number) | undefined;
  /** @default Math.random */
  random?: (() => number) | undefined;
  /** @default the timers of the runtime */
  startTimer?: StartTimer | undefined;
}

/** Queues events for webhooks and sends what is due, until it is drained. */
export interface WebhookRunner {
  /** Begins no further attempt, and resolves when those that were begun have ended. */
  drain(this: void): Promise<void>;
}

/** So many attempts at a time: a receiver that is slow holds up neither the others nor the server. */
const PER_WEBHOOK_MAX = 4;
const ATTEMPTS_MAX = 32;

/** So often it looks anyhow: what an operator sends again is no news. Also after an error, and while there is no server key. */
const LOOK_AGAIN_MS = 5000;
/** So long it waits for what another process has just taken. */
const HELD_MS = 1000;

/** How long attempts may go on while the server ends. What is cut off then is sent again, after its lease. */
const DRAIN_MS = 4000;

/**
 * Works as soon as there is news, in any number of processes on one store. What a process leaves in the middle, because it dies,
 * another one sends again after a minute.
 */
export function createWebhookRunner(options: WebhookRunnerOptions): WebhookRunner {
  const { store, key, sender, onError = () => undefined } = options;
  const { now = runtime.now, random = runtime.random, startTimer = startRealTimer } = options;
  const cutting = new AbortController();
  const attempts = new Map<string, Set<Promise<void>>>();
  let isDraining = false;
  let isKeyMissed = false;
  let cloudlyId: string | undefined;
  let working: Promise<void> | undefined;
  let isAgain = false;
  let stopTimer: () => void = () => undefined;

  const attempt = async (webhook: StoredWebhook['webhook'], delivery: Delivery, serverKey: Uint8Array) => {
    try {
      const made = await attemptDelivery(webhook, delivery, { serverKey, sender, now, signal: cutting.signal });
      if (!cutting.signal.aborted) await store.webhooks.saveAttempt(judgeAttempt(delivery, made, random()));
    } catch (error) {
      onError(error);
    }
  };

  const begin = (webhook: StoredWebhook['webhook'], delivery: Delivery, serverKey: Uint8Array): void => {
    const running = attempts.get(webhook.id) ?? new Set();
    attempts.set(webhook.id, running);
    const ended = attempt(webhook, delivery, serverKey).finally(() => {
      running.delete(ended);
      if (running.size === 0) attempts.delete(webhook.id);
      wake();
    });
    running.add(ended);
  };

  const roomOf = (webhookId: string): number => {
    const all = [...attempts.values()].reduce((count, { size }) => count + size, 0);
    return Math.min(PER_WEBHOOK_MAX - (attempts.get(webhookId)?.size ?? 0), ATTEMPTS_MAX - all);
  };

  /** Sends what is due, and resolves with when the next of the rest is. */
  const sendDue = async (webhooks: readonly StoredWebhook[], serverKey: Uint8Array): Promise<number> => {
    let nextAtMs = now() + LOOK_AGAIN_MS;
    for (const { webhookId, dueAtMs } of await store.webhooks.listDue()) {
      const nowMs = now();
      const stored = webhooks.find(({ webhook }) => webhook.id === webhookId);
      if (dueAtMs > nowMs || !stored) nextAtMs = Math.min(nextAtMs, dueAtMs);
      // Without room, the end of an attempt goes on.
      const limit = roomOf(webhookId);
      if (dueAtMs > nowMs || !stored || limit <= 0 || isDraining) continue;
      const taken = await store.webhooks.take({ webhookId, nowMs, leaseUntilMs: nowMs + LEASE_MS, limit });
      for (const delivery of taken) begin(stored.webhook, delivery, serverKey);
      // Something else of it may be due later; and what another process holds is looked for again.
      if (taken.length === 0) nextAtMs = Math.min(nextAtMs, nowMs + HELD_MS);
      else if (taken.length < limit) isAgain = true;
    }
    return nextAtMs;
  };

  /** Resolves with when to look again; Infinity for not before there is news. */
  const work = async (): Promise<number> => {
    const enabled = (await store.webhooks.list()).filter(({ disabled }) => !disabled);
    if (enabled.length === 0) return Infinity;
    const epoch = await store.eventsEpoch();
    const webhooks = enabled.filter(({ place }) => place.epoch === epoch);
    const restored = enabled.filter(({ place }) => place.epoch !== epoch);
    await disableRestored(store, restored, { atMs: now(), actor: 'system' });
    const serverKey = await key.read();
    if (!serverKey) {
      if (!isKeyMissed) onError(noKey());
      isKeyMissed = true;
      return now() + LOOK_AGAIN_MS;
    }
    isKeyMissed = false;
    cloudlyId ??= await store.cloudlyId();
    if (await queueEvents(store, webhooks, { now, cloudlyId })) isAgain = true;
    return sendDue(webhooks, serverKey);
  };

  const isWanted = (): boolean => isAgain && !isDraining;

  const workAll = async (): Promise<void> => {
    let nextAtMs = Infinity;
    try {
      do {
        isAgain = false;
        nextAtMs = await work();
      } while (isWanted());
    } catch (error) {
      onError(error);
      isAgain = false;
      nextAtMs = now() + LOOK_AGAIN_MS;
    }
    stopTimer();
    if (nextAtMs < Infinity && !isDraining) {
      stopTimer = startTimer(Math.min(Math.max(nextAtMs - now(), 0), LOOK_AGAIN_MS), wake);
    }
  };

  const wake = (): void => {
    if (isDraining) return;
    isAgain = true;
    working ??= workAll().finally(() => {
      working = undefined;
      if (isAgain) wake();
    });
  };

  const stopListening = store.onNews(wake);
  wake();

  return {
    async drain() {
      isDraining = true;
      stopListening();
      stopTimer();
      await working;
      const running = [...attempts.values()].map((each) => Promise.all(each));
      const stopCutting = startTimer(DRAIN_MS, () => cutting.abort());
      await Promise.all(running);
      stopCutting();
    },
  };
}

function noKey(): FleetError {
  return new FleetError('webhooks-off', 'There are webhooks, but no server key, so that none is sent', {
    remedy: 'Put the key back, or rotate the secret of a webhook, which makes another key.',
  });
}
