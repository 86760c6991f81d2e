import type { Delivery, StoredWebhook } from '../../fleet-store/webhook.js';
import { DELIVERIES_KEPT_MS, WAITING_MAX } from '../../fleet-store/webhook.js';
import type { NewDelivery, WebhookStore } from '../../fleet-store/webhook-store.js';
import { changeHealth } from '../../webhooks/change-health.js';
import { ofNodes, writtenEvent } from '../records/behalf.js';
import { copy } from './copy.js';
import type { EventLog } from './event-log.js';

type KeptWebhook = Omit<StoredWebhook, 'waitingCount'>;

/** The webhooks and their deliveries, each in the order in which it was added. */
export interface WebhookWork {
  webhooks: Map<string, KeptWebhook>;
  deliveries: Map<string, Delivery>;
  /** Of the deliveries that there ever were. */
  count: number;
  /** Drops deliveries that are old. */
  drop(this: void, nowMs: number): void;
}

export function createWebhookWork(): WebhookWork {
  const deliveries = new Map<string, Delivery>();
  return {
    webhooks: new Map(),
    deliveries,
    count: 0,
    drop(nowMs) {
      for (const { id, createdAtMs } of deliveries.values()) {
        if (createdAtMs <= nowMs - DELIVERIES_KEPT_MS) deliveries.delete(id);
      }
    },
  };
}

export function createWebhookOperations(work: WebhookWork, { tell }: EventLog): WebhookStore {
  const { webhooks, deliveries } = work;
  const of = (webhookId: string): Delivery[] => [...deliveries.values()].filter((each) => each.webhookId === webhookId);
  const openOf = (webhookId: string): Delivery[] => of(webhookId).filter(isOpen);
  const find = (webhookId: string, deliveryId: string): Delivery | undefined => {
    const delivery = deliveries.get(deliveryId);
    return delivery?.webhookId === webhookId ? delivery : undefined;
  };
  const shown = (kept: KeptWebhook): StoredWebhook =>
    copy({ ...kept, waitingCount: Math.min(openOf(kept.webhook.id).length, WAITING_MAX + 1) });

  const queue = (webhookId: string, delivery: NewDelivery, leaseUntilMs?: number): Delivery => {
    work.count += 1;
    const isTaken = leaseUntilMs !== undefined;
    const queued: Delivery = {
      ...copy(delivery),
      webhookId,
      number: work.count,
      state: isTaken ? 'sending' : 'waiting',
      attempts: isTaken ? 1 : 0,
      dueAtMs: leaseUntilMs ?? delivery.createdAtMs,
    };
    deliveries.set(queued.id, queued);
    return queued;
  };

  return {
    list: async () => [...webhooks.values()].map(shown),

    async find(webhookId) {
      const kept = webhooks.get(webhookId);
      return kept && shown(kept);
    },

    async add(webhook, place, events) {
      if (webhooks.has(webhook.id)) return false;
      webhooks.set(webhook.id, copy({ webhook, place }));
      tell(events);
      return true;
    },

    async replace(webhook, events) {
      const kept = webhooks.get(webhook.id);
      if (kept?.webhook.revision !== webhook.revision) return false;
      kept.webhook = { ...copy(webhook), revision: webhook.revision + 1 };
      tell(events);
      return true;
    },

    async remove(webhookId, events) {
      if (!webhooks.delete(webhookId)) return false;
      for (const { id } of of(webhookId)) deliveries.delete(id);
      tell(events);
      return true;
    },

    async disable(webhookId, disabled, events) {
      const kept = webhooks.get(webhookId);
      if (!kept || kept.disabled) return false;
      kept.disabled = copy(disabled);
      tell(events);
      return true;
    },

    async enable(webhookId, { atMs, place }, events) {
      const kept = webhooks.get(webhookId);
      if (!kept?.disabled) return false;
      delete kept.disabled;
      delete kept.failingSinceMs;
      if (place) {
        kept.place = copy(place);
        for (const delivery of openOf(webhookId)) {
          delivery.state = 'failed';
          delivery.last = { atMs, tookMs: 0, problem: 'skipped' };
        }
      }
      tell(events);
      return true;
    },

    async move(moves) {
      const moved = moves.filter(({ webhookId, from }) => {
        const { place, disabled } = webhooks.get(webhookId) ?? {};
        return !disabled && place?.epoch === from.epoch && place.position === from.position;
      });
      for (const { webhookId, from, to, deliveries: added } of moved) {
        const kept = webhooks.get(webhookId);
        if (kept) kept.place = { epoch: from.epoch, position: to };
        for (const delivery of added) queue(webhookId, delivery);
      }
      return moved.map(({ webhookId }) => webhookId);
    },

    async listDue() {
      return [...webhooks.values()].flatMap(({ webhook: { id: webhookId }, disabled }) => {
        const due = disabled ? [] : openOf(webhookId).map(({ dueAtMs }) => dueAtMs);
        return due.length === 0 ? [] : [{ webhookId, dueAtMs: Math.min(...due) }];
      });
    },

    async take({ webhookId, nowMs, leaseUntilMs, limit }) {
      const kept = webhooks.get(webhookId);
      if (!kept || kept.disabled) return [];
      const due = openOf(webhookId)
        .filter(({ dueAtMs }) => dueAtMs <= nowMs)
        .toSorted((one, other) => one.dueAtMs - other.dueAtMs)
        .slice(0, limit);
      for (const delivery of due) {
        delivery.state = 'sending';
        delivery.attempts += 1;
        delivery.dueAtMs = leaseUntilMs;
      }
      return copy(due);
    },

    async saveAttempt({ webhookId, deliveryId, attempts, result, state, dueAtMs, verdict }) {
      const delivery = find(webhookId, deliveryId);
      if (delivery?.state !== 'sending' || delivery.attempts !== attempts) return false;
      Object.assign(delivery, { state, dueAtMs, last: copy(result) });
      const kept = webhooks.get(webhookId);
      const change = kept && verdict && changeHealth(kept, verdict, result.atMs);
      if (!change) return true;
      const { webhook, place } = kept;
      webhooks.set(webhookId, { webhook, place, ...change.health });
      tell(change.told.map((body) => writtenEvent(ofNodes, body, { atMs: result.atMs })));
      return true;
    },

    addDelivery: async (webhookId, delivery, leaseUntilMs) =>
      webhooks.has(webhookId) ? copy(queue(webhookId, delivery, leaseUntilMs)) : undefined,

    async findDelivery(webhookId, deliveryId) {
      return copy(find(webhookId, deliveryId));
    },

    async listDeliveries(webhookId, { state, before = Infinity, limit }) {
      const asked = of(webhookId).filter(
        (each) => each.number < before && (state === undefined || each.state === state),
      );
      return copy(asked.toReversed().slice(0, limit));
    },

    async resend(webhookId, deliveryId, nowMs) {
      const delivery = find(webhookId, deliveryId);
      if (delivery && delivery.state !== 'sending') {
        Object.assign(delivery, { state: 'waiting', attempts: 0, dueAtMs: nowMs });
      }
      return copy(delivery);
    },
  };
}

function isOpen({ state }: Delivery): boolean {
  return state === 'waiting' || state === 'sending';
}
