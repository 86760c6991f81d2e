import type { WrittenEvent } from '../../events/fleet-event.js';
import type { WebhookStore } from '../../fleet-store/webhook-store.js';
import { changeHealth } from '../../webhooks/change-health.js';
import { ofNodes, writtenEvent } from '../records/behalf.js';
import {
  deliveryColumns,
  deliveryOf,
  type DeliveryRow,
  healthColumns,
  webhookColumns,
  webhookOf,
  type WebhookRow,
} from '../records/webhook-rows.js';
import type { Queries } from './database.js';
import { saveRows } from './save-rows.js';
import type { Statement } from './statement.js';
import type { Telling } from './telling.js';
import { REMOVED_AT_ONCE, webhookStatements } from './webhook-statements.js';

export function createWebhookOperations({ query, transaction }: Telling, schema: string): WebhookStore {
  const webhook = webhookStatements(schema);

  const find = async (queries: Queries, webhookId: string) => {
    const [row] = await queries.query<WebhookRow>(webhook.find, [webhookId]);
    return row && webhookOf(row);
  };
  const findDelivery = async (queries: Queries, webhookId: string, deliveryId: string) => {
    const [row] = await queries.query<DeliveryRow>(webhook.findDelivery, [webhookId, deliveryId]);
    return row && deliveryOf(row);
  };
  /** One change of one row, which is told if it took place. */
  const change = (statement: Statement, values: readonly unknown[], events: readonly WrittenEvent[]) =>
    transaction(async (queries) => {
      const changed = await queries.query(statement, values);
      if (changed.length > 0) queries.tell(events);
      return changed.length > 0;
    });

  return {
    list: async () => (await query<WebhookRow>(webhook.list)).map(webhookOf),

    find: (webhookId) => find({ query }, webhookId),

    add: (added, place, events) => change(webhook.add, Object.values(webhookColumns(added, place)), events),

    replace: (changed, events) =>
      change(webhook.replace, [changed.id, changed.revision, JSON.stringify(changed)], events),

    async remove(webhookId, events) {
      const isRemoved = await transaction(async (queries) => {
        await queries.query(webhook.removeOpen, [webhookId]);
        const removed = await queries.query(webhook.remove, [webhookId]);
        if (removed.length > 0) queries.tell(events);
        return removed.length > 0;
      });
      const removeSome = async () => (await query<{ removed: number }>(webhook.removeSome, [webhookId]))[0]?.removed;
      if (isRemoved) while ((await removeSome()) === REMOVED_AT_ONCE);
      return isRemoved;
    },

    disable: (webhookId, { atMs, reason }, events) => change(webhook.disable, [webhookId, atMs, reason], events),

    enable: (webhookId, { atMs, place }, events) =>
      transaction(async (queries) => {
        if (place) {
          const skipped = JSON.stringify({ atMs, tookMs: 0, problem: 'skipped' });
          if ((await find(queries, webhookId))?.disabled) await queries.query(webhook.skip, [webhookId, skipped]);
        }
        const enabled = await queries.query(webhook.enable, [webhookId]);
        if (enabled.length === 0) return false;
        if (place) await queries.query(webhook.place, [webhookId, place.epoch, place.position]);
        queries.tell(events);
        return true;
      }),

    move: (moves) =>
      transaction(async (queries) => {
        const moved: string[] = [];
        const inOrder = moves.toSorted((one, other) => (one.webhookId < other.webhookId ? -1 : 1));
        for (const { webhookId, from, to, deliveries } of inOrder) {
          const updated = await queries.query(webhook.move, [webhookId, from.epoch, from.position, to]);
          if (updated.length === 0) continue;
          moved.push(webhookId);
          const rows = deliveries.map((delivery) => deliveryColumns(webhookId, delivery));
          await saveRows(queries, webhook.queue, rows);
        }
        return moved;
      }),

    async listDue() {
      const rows = await query<{ id: string; due_at_ms: number }>(webhook.listDue);
      return rows.map(({ id: webhookId, due_at_ms: dueAtMs }) => ({ webhookId, dueAtMs }));
    },

    async take({ webhookId, nowMs, leaseUntilMs, limit }) {
      const values = [webhookId, nowMs, leaseUntilMs, limit];
      return (await query<DeliveryRow>(webhook.take, values)).map(deliveryOf);
    },

    saveAttempt: ({ webhookId, deliveryId, attempts, result, state, dueAtMs, verdict }) =>
      transaction(async (queries) => {
        const values = [webhookId, deliveryId, attempts, state, dueAtMs, JSON.stringify(result)];
        if ((await queries.query(webhook.save, values)).length === 0) return false;
        if (verdict === undefined) return true;
        // A second look, under its lock, is for what seldom happens.
        const seen = await find(queries, webhookId);
        if (!seen || !changeHealth(seen, verdict, result.atMs)) return true;
        await queries.query(webhook.lock, [webhookId]);
        const stored = await find(queries, webhookId);
        const health = stored && changeHealth(stored, verdict, result.atMs);
        if (!health) return true;
        await queries.query(webhook.health, [webhookId, ...Object.values(healthColumns(health.health))]);
        queries.tell(health.told.map((body) => writtenEvent(ofNodes, body, { atMs: result.atMs })));
        return true;
      }),

    addDelivery: (webhookId, delivery, leaseUntilMs) =>
      transaction(async (queries) => {
        if (!(await find(queries, webhookId))) return undefined;
        await saveRows(queries, webhook.queue, [deliveryColumns(webhookId, delivery, leaseUntilMs)]);
        return findDelivery(queries, webhookId, delivery.id);
      }),

    findDelivery: (webhookId, deliveryId) => findDelivery({ query }, webhookId, deliveryId),

    async listDeliveries(webhookId, { state, before = Number.MAX_SAFE_INTEGER, limit }) {
      const page = [webhookId, before, limit];
      const rows =
        state === undefined
          ? await query<DeliveryRow>(webhook.listDeliveries, page)
          : await query<DeliveryRow>(webhook.listDeliveriesIn, [...page, state]);
      return rows.map(deliveryOf);
    },

    resend: (webhookId, deliveryId, nowMs) =>
      transaction(async (queries) => {
        await queries.query(webhook.resend, [webhookId, deliveryId, nowMs]);
        return findDelivery(queries, webhookId, deliveryId);
      }),
  };
}
