import { jobRowColumns as columns } from '../records/bulk-rows.js';
import { statements } from './statement.js';

/** Every transaction locks the job before its nodes. */
export function bulkStatements(schema: string) {
  const isVisible = '($2::text IS NULL OR job.actor = $2)';
  const progress = `
      SELECT ${columns}, done_count, failed_count, skipped_count, (
        SELECT count(*) FROM ${schema}.bulk_node
        WHERE job_id = job.id AND outcome IS NULL AND lease_until_ms > $3
      ) AS begun_count
      FROM ${schema}.bulk_job AS job`;

  return statements('bulk', {
    // Who adds the same job at the same time waits, and finds it.
    add: `
      INSERT INTO ${schema}.bulk_job (
        id, created_at_ms, actor, confirm_until_ms, confirmed_at_ms, stopped_at_ms, ended_at_ms, node_count, record
      ) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (id) DO NOTHING RETURNING id`,
    freeze: `UPDATE ${schema}.bulk_job SET node_count = $2, record = $3 WHERE id = $1`,
    remove: `DELETE FROM ${schema}.bulk_job WHERE id = $1`,
    find: `${progress} WHERE job.id = $1 AND ${isVisible}`,
    newest: `${progress} WHERE ${isVisible} ORDER BY created_at_ms DESC, id LIMIT $1`,
    lock: `${progress} WHERE job.id = $1 AND ${isVisible} FOR NO KEY UPDATE`,
    update: `
      UPDATE ${schema}.bulk_job SET confirmed_at_ms = $2, stopped_at_ms = $3, ended_at_ms = $4 WHERE id = $1`,
    take: `
      WITH free AS MATERIALIZED (
        SELECT node_id FROM ${schema}.bulk_node WHERE job_id = $1 AND outcome IS NULL AND lease_until_ms <= $2
        ORDER BY lease_until_ms, node_id LIMIT $3
      ), taken AS (
        UPDATE ${schema}.bulk_node AS node SET lease_until_ms = $4 FROM free
        WHERE node.job_id = $1 AND node.node_id = free.node_id RETURNING node.node_id
      )
      SELECT node_id FROM taken ORDER BY node_id`,
    save: `
      UPDATE ${schema}.bulk_node AS node SET outcome = new.outcome, reason = new.reason
      FROM unnest($1::text[], $2::text[], $3::text[], $4::text[]) AS new (job_id, node_id, outcome, reason)
      WHERE node.job_id = new.job_id AND node.node_id = new.node_id AND node.outcome IS NULL
      RETURNING node.outcome`,
    count: `
      UPDATE ${schema}.bulk_job
      SET done_count = done_count + $2, failed_count = failed_count + $3, skipped_count = skipped_count + $4
      WHERE id = $1`,
    results: `
      SELECT node_id, outcome, reason FROM ${schema}.bulk_node JOIN ${schema}.bulk_job AS job ON job.id = job_id
      WHERE job_id = $1 AND ${isVisible} AND outcome IS NOT NULL AND ($3::text IS NULL OR outcome = $3) AND node_id > $4
      ORDER BY node_id LIMIT $5`,
  });
}
