import { WAITING_MAX } from '../../fleet-store/webhook.js';
import type { NewDelivery, WebhookStore } from '../../fleet-store/webhook-store.js';
import { changeHealth } from '../../webhooks/change-health.js';
import { ofNodes, writtenEvent } from '../records/behalf.js';
import {
  deliveryColumns,
  deliveryOf,
  type DeliveryRow,
  deliveryRowColumns,
  healthColumns,
  webhookColumns,
  webhookOf,
  type WebhookRow,
} from '../records/webhook-rows.js';
import type { Database } from './database.js';
import type { FleetDatabase } from './fleet-database.js';

export function createWebhookOperations({ prepare, read, write, tell }: FleetDatabase): WebhookStore {
  const webhooks = webhookStatements(prepare);
  const deliveries = deliveryStatements(prepare);

  const find = (webhookId: string) => {
    const row = webhooks.find.get(webhookId);
    return row && webhookOf(row);
  };
  const findDelivery = (webhookId: string, deliveryId: string) => {
    const row = deliveries.find.get(webhookId, deliveryId);
    return row && deliveryOf(row);
  };
  const queue = (webhookId: string, delivery: NewDelivery, leaseUntilMs?: number): void =>
    void deliveries.add.run(deliveryColumns(webhookId, delivery, leaseUntilMs));
  const toldIf = (hasChanged: boolean, events: Parameters<typeof tell>[0]): boolean => {
    if (hasChanged) tell(events);
    return hasChanged;
  };

  return {
    list: () => read(() => webhooks.list.all().map(webhookOf)),

    find: (webhookId) => read(() => find(webhookId)),

    add: (webhook, place, events) =>
      write(() => toldIf(webhooks.add.run(webhookColumns(webhook, place)).changes === 1, events)),

    replace: (webhook, events) =>
      write(() => {
        const { id, revision } = webhook;
        return toldIf(webhooks.replace.run(JSON.stringify(webhook), id, revision).changes === 1, events);
      }),

    async remove(webhookId, events) {
      const isRemoved = await write(() => {
        if (webhooks.remove.run(webhookId).changes === 0) return false;
        deliveries.removeOpen.run(webhookId);
        tell(events);
        return true;
      });
      // The others may be many, and other requests wait meanwhile.
      if (isRemoved) while (await write(() => deliveries.removeSome.run(webhookId).changes === REMOVED_AT_ONCE));
      return isRemoved;
    },

    disable: (webhookId, { atMs, reason }, events) =>
      write(() => toldIf(webhooks.disable.run(atMs, reason, webhookId).changes === 1, events)),

    enable: (webhookId, { atMs, place }, events) =>
      write(() => {
        if (webhooks.enable.run(webhookId).changes === 0) return false;
        if (place) {
          webhooks.place.run(place.epoch, place.position, webhookId);
          deliveries.skip.run(JSON.stringify({ atMs, tookMs: 0, problem: 'skipped' }), webhookId);
        }
        tell(events);
        return true;
      }),

    move: (moves) =>
      write(() =>
        moves
          .filter(({ webhookId, from: { epoch, position }, to, deliveries: added }) => {
            const isMoved = webhooks.move.run({ id: webhookId, epoch, position, to }).changes === 1;
            if (isMoved) for (const delivery of added) queue(webhookId, delivery);
            return isMoved;
          })
          .map(({ webhookId }) => webhookId),
      ),

    listDue: () =>
      read(() => webhooks.listDue.all().map(({ id: webhookId, due_at_ms: dueAtMs }) => ({ webhookId, dueAtMs }))),

    take: ({ webhookId, nowMs, leaseUntilMs, limit }) =>
      write(() => {
        const taken = deliveries.take.all({ webhook_id: webhookId, now_ms: nowMs, until_ms: leaseUntilMs, limit });
        return taken.map(deliveryOf).toSorted((one, other) => one.number - other.number);
      }),

    saveAttempt: ({ webhookId, deliveryId, attempts, result, state, dueAtMs, verdict }) =>
      write(() => {
        const values = { webhook_id: webhookId, id: deliveryId, attempts, state, due_at_ms: dueAtMs };
        if (deliveries.save.run({ ...values, last: JSON.stringify(result) }).changes === 0) return false;
        const stored = find(webhookId);
        const change = stored && verdict && changeHealth(stored, verdict, result.atMs);
        if (!change) return true;
        webhooks.health.run({ id: webhookId, ...healthColumns(change.health) });
        tell(change.told.map((body) => writtenEvent(ofNodes, body, { atMs: result.atMs })));
        return true;
      }),

    addDelivery: (webhookId, delivery, leaseUntilMs) =>
      write(() => {
        if (!find(webhookId)) return undefined;
        queue(webhookId, delivery, leaseUntilMs);
        return findDelivery(webhookId, delivery.id);
      }),

    findDelivery: (webhookId, deliveryId) => read(() => findDelivery(webhookId, deliveryId)),

    listDeliveries: (webhookId, { state, before = Number.MAX_SAFE_INTEGER, limit }) =>
      read(() => {
        const page = { webhook_id: webhookId, before, limit };
        const rows = state === undefined ? deliveries.list.all(page) : deliveries.listIn.all({ ...page, state });
        return rows.map(deliveryOf);
      }),

    resend: (webhookId, deliveryId, nowMs) =>
      write(() => {
        deliveries.resend.run({ webhook_id: webhookId, id: deliveryId, now_ms: nowMs });
        return findDelivery(webhookId, deliveryId);
      }),
  };
}

const REMOVED_AT_ONCE = 1000;

const isOpen = "state IN ('waiting', 'sending')";

function webhookStatements(prepare: Database['prepare']) {
  const shown = `
    SELECT id, revision, record, epoch, position, disabled_at_ms, disabled_reason, failing_since_ms, (
      SELECT count(*) FROM (
        SELECT 1 FROM webhook_delivery WHERE webhook_id = webhook.id AND ${isOpen} LIMIT ${WAITING_MAX + 1}
      )
    ) AS waiting_count
    FROM webhook`;

  return {
    list: prepare<WebhookRow>(`${shown} ORDER BY number`),
    find: prepare<WebhookRow>(`${shown} WHERE id = ?`),
    add: prepare(`
    INSERT INTO webhook (id, revision, record, epoch, position) VALUES (:id, :revision, :record, :epoch, :position)
    ON CONFLICT (id) DO NOTHING`),
    replace: prepare('UPDATE webhook SET revision = revision + 1, record = ? WHERE id = ? AND revision = ?'),
    remove: prepare('DELETE FROM webhook WHERE id = ?'),
    disable: prepare(`
    UPDATE webhook SET disabled_at_ms = ?, disabled_reason = ? WHERE id = ? AND disabled_at_ms IS NULL`),
    enable: prepare(`
    UPDATE webhook SET disabled_at_ms = NULL, disabled_reason = NULL, failing_since_ms = NULL
    WHERE id = ? AND disabled_at_ms IS NOT NULL`),
    place: prepare('UPDATE webhook SET epoch = ?, position = ? WHERE id = ?'),
    move: prepare(`
    UPDATE webhook SET position = :to
    WHERE id = :id AND epoch = :epoch AND position = :position AND disabled_at_ms IS NULL`),
    health: prepare(`
    UPDATE webhook SET
      disabled_at_ms = :disabled_at_ms, disabled_reason = :disabled_reason, failing_since_ms = :failing_since_ms
    WHERE id = :id`),
    // The first of each is found by an index.
    listDue: prepare<{ id: string; due_at_ms: number }>(`
    SELECT id, due_at_ms FROM (
      SELECT id, (
        SELECT min(due_at_ms) FROM webhook_delivery WHERE webhook_id = webhook.id AND ${isOpen}
      ) AS due_at_ms
      FROM webhook WHERE disabled_at_ms IS NULL
    ) WHERE due_at_ms IS NOT NULL`),
  };
}

function deliveryStatements(prepare: Database['prepare']) {
  const one = 'webhook_id = :webhook_id AND id = :id';
  const select = `SELECT ${deliveryRowColumns} FROM webhook_delivery`;

  return {
    find: prepare<DeliveryRow>(`${select} WHERE webhook_id = ? AND id = ?`),
    list: prepare<DeliveryRow>(`
    ${select} WHERE webhook_id = :webhook_id AND number < :before ORDER BY number DESC LIMIT :limit`),
    listIn: prepare<DeliveryRow>(`
    ${select} WHERE webhook_id = :webhook_id AND state = :state AND number < :before ORDER BY number DESC LIMIT :limit`),
    add: prepare(`
    INSERT INTO webhook_delivery (
      id, webhook_id, kind, event_position, created_at_ms, state, attempts, due_at_ms, body
    ) VALUES (
      :id, :webhook_id, :kind, :event_position, :created_at_ms, :state, :attempts, :due_at_ms, :body
    )`),
    take: prepare<DeliveryRow>(`
    UPDATE webhook_delivery SET state = 'sending', attempts = attempts + 1, due_at_ms = :until_ms
    WHERE number IN (
      SELECT number FROM webhook_delivery
      WHERE webhook_id = :webhook_id AND ${isOpen} AND due_at_ms <= :now_ms
      AND EXISTS (SELECT 1 FROM webhook WHERE id = :webhook_id AND disabled_at_ms IS NULL)
      ORDER BY due_at_ms, number LIMIT :limit
    )
    RETURNING ${deliveryRowColumns}`),
    save: prepare(`
    UPDATE webhook_delivery SET state = :state, due_at_ms = :due_at_ms, last = :last
    WHERE ${one} AND state = 'sending' AND attempts = :attempts`),
    resend: prepare(`
    UPDATE webhook_delivery SET state = 'waiting', attempts = 0, due_at_ms = :now_ms
    WHERE ${one} AND state <> 'sending'`),
    skip: prepare(`UPDATE webhook_delivery SET state = 'failed', last = ? WHERE webhook_id = ? AND ${isOpen}`),
    removeOpen: prepare(`DELETE FROM webhook_delivery WHERE webhook_id = ? AND ${isOpen}`),
    removeSome: prepare(`
    DELETE FROM webhook_delivery WHERE number IN (
      SELECT number FROM webhook_delivery WHERE webhook_id = ? LIMIT ${REMOVED_AT_ONCE}
    )`),
  };
}
