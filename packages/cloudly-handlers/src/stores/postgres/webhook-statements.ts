import { WAITING_MAX } from '../../fleet-store/webhook.js';
import { deliveryRowColumns as columns } from '../records/webhook-rows.js';
import { statements } from './statement.js';

/** Deliveries that are removed by one statement. */
export const REMOVED_AT_ONCE = 1000;

const isOpen = "state IN ('waiting', 'sending')";

/** Every transaction locks webhooks in the order of their IDs, and a webhook after its deliveries. */
export function webhookStatements(schema: string) {
  const [webhook, delivery] = [`${schema}.webhook`, `${schema}.webhook_delivery`];
  const shown = `
      SELECT id, revision, record, epoch, position, disabled_at_ms, disabled_reason, failing_since_ms, (
        SELECT count(*) FROM (
          SELECT FROM ${delivery} WHERE webhook_id = webhook.id AND ${isOpen} LIMIT ${WAITING_MAX + 1}
        ) AS open
      ) AS waiting_count
      FROM ${webhook} AS webhook`;

  return statements('webhook', {
    list: `${shown} ORDER BY number`,
    find: `${shown} WHERE id = $1`,
    lock: `SELECT FROM ${webhook} WHERE id = $1 FOR NO KEY UPDATE`,
    add: `
      INSERT INTO ${webhook} (id, revision, record, epoch, position) VALUES ($1, $2, $3, $4, $5)
      ON CONFLICT (id) DO NOTHING RETURNING id`,
    replace: `
      UPDATE ${webhook} SET revision = revision + 1, record = $3 WHERE id = $1 AND revision = $2 RETURNING id`,
    remove: `DELETE FROM ${webhook} WHERE id = $1 RETURNING id`,
    disable: `
      UPDATE ${webhook} SET disabled_at_ms = $2, disabled_reason = $3
      WHERE id = $1 AND disabled_at_ms IS NULL RETURNING id`,
    enable: `
      UPDATE ${webhook} SET disabled_at_ms = NULL, disabled_reason = NULL, failing_since_ms = NULL
      WHERE id = $1 AND disabled_at_ms IS NOT NULL RETURNING id`,
    place: `UPDATE ${webhook} SET epoch = $2, position = $3 WHERE id = $1`,
    move: `
      UPDATE ${webhook} SET position = $4
      WHERE id = $1 AND epoch = $2 AND position = $3 AND disabled_at_ms IS NULL RETURNING id`,
    health: `
      UPDATE ${webhook} SET disabled_at_ms = $2, disabled_reason = $3, failing_since_ms = $4 WHERE id = $1`,
    // The first of each is found by an index.
    listDue: `
      SELECT webhook.id, first.due_at_ms FROM ${webhook} AS webhook CROSS JOIN LATERAL (
        SELECT due_at_ms FROM ${delivery} WHERE webhook_id = webhook.id AND ${isOpen} ORDER BY due_at_ms LIMIT 1
      ) AS first
      WHERE disabled_at_ms IS NULL`,
    findDelivery: `SELECT ${columns} FROM ${delivery} WHERE webhook_id = $1 AND id = $2`,
    listDeliveries: `
      SELECT ${columns} FROM ${delivery} WHERE webhook_id = $1 AND number < $2 ORDER BY number DESC LIMIT $3`,
    listDeliveriesIn: `
      SELECT ${columns} FROM ${delivery}
      WHERE webhook_id = $1 AND number < $2 AND state = $4 ORDER BY number DESC LIMIT $3`,
    queue: `
      INSERT INTO ${delivery} (
        id, webhook_id, kind, event_position, created_at_ms, state, attempts, due_at_ms, body
      )
      SELECT id, webhook_id, kind, event_position, created_at_ms, state, attempts, due_at_ms, body
      FROM unnest(
        $1::text[], $2::text[], $3::text[], $4::bigint[], $5::bigint[], $6::text[], $7::integer[], $8::bigint[], $9::text[]
      ) WITH ORDINALITY AS new (
        id, webhook_id, kind, event_position, created_at_ms, state, attempts, due_at_ms, body, place
      )
      ORDER BY place`,
    // What another process takes at the same time is left to it.
    take: `
      WITH due AS MATERIALIZED (
        SELECT number FROM ${delivery}
        WHERE webhook_id = $1 AND ${isOpen} AND due_at_ms <= $2
        AND EXISTS (SELECT FROM ${webhook} WHERE id = $1 AND disabled_at_ms IS NULL)
        ORDER BY due_at_ms, number LIMIT $4 FOR UPDATE SKIP LOCKED
      ), taken AS (
        UPDATE ${delivery} AS delivery SET state = 'sending', attempts = attempts + 1, due_at_ms = $3
        FROM due WHERE delivery.number = due.number
        RETURNING ${columns.replace('number', 'delivery.number')}
      )
      SELECT ${columns} FROM taken ORDER BY number`,
    save: `
      UPDATE ${delivery} SET state = $4, due_at_ms = $5, last = $6
      WHERE webhook_id = $1 AND id = $2 AND state = 'sending' AND attempts = $3 RETURNING id`,
    resend: `
      UPDATE ${delivery} SET state = 'waiting', attempts = 0, due_at_ms = $3
      WHERE webhook_id = $1 AND id = $2 AND state <> 'sending'`,
    skip: `UPDATE ${delivery} SET state = 'failed', last = $2 WHERE webhook_id = $1 AND ${isOpen}`,
    removeOpen: `DELETE FROM ${delivery} WHERE webhook_id = $1 AND ${isOpen}`,
    removeSome: `
      WITH old AS MATERIALIZED (
        SELECT number FROM ${delivery} WHERE webhook_id = $1 LIMIT ${REMOVED_AT_ONCE} FOR UPDATE SKIP LOCKED
      ), gone AS (
        DELETE FROM ${delivery} AS delivery USING old WHERE delivery.number = old.number RETURNING 1
      )
      SELECT count(*)::integer AS removed FROM gone`,
  });
}
