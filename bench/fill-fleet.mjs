import { createRequire } from 'node:module';
import { DatabaseSync } from 'node:sqlite';
import { createJoinToken } from '@serve.zone/baseos-cloudly-handlers';
import { openPostgresStore } from '@serve.zone/baseos-cloudly-handlers/postgres';
import { openSqliteStore } from '@serve.zone/baseos-cloudly-handlers/sqlite';
import { nodeOf, status, statusHash, tokenRecordOf, TURN_STEP, vitals } from './heartbeat-node.mjs';

const pg = createRequire(new URL('../packages/cloudly-handlers/package.json', import.meta.url))('pg');

const AT_ONCE = 5000;

/** Beside the others: whose rows are copied. No part of them occurs in another one. */
const TEMPLATE = 999_999_999_999;

/** Registers these nodes as a server does, each with a status and a first heartbeat. */
export async function registerNodes(store, numbers) {
  const { record } = await createJoinToken(store, { uses: numbers.length });
  const nowMs = Date.now();
  for (const number of numbers) {
    const node = nodeOf(number);
    const { nodeId, bootId } = node;
    const common = { revision: 1, registrationKeyHash: nodeId, approvalCode: 'ABCD1234', joinTokenId: record.id };
    const times = { registeredAtMs: nowMs, approvedAtMs: nowMs, currentToken: tokenRecordOf(node) };
    const outcome = await store.createNode({ nodeId, ...common, ...times, bootId, supersededBoots: [] }, nowMs);
    if (outcome !== 'created') throw new Error(`${nodeId} was not made: ${outcome}`);
    const report = {
      bootId,
      sequence: 1,
      receivedAtMs: nowMs,
      expectedByMs: nowMs + 180_000,
      vitals,
      status,
      statusHash,
    };
    await store.saveReport(nodeId, report);
  }
}

/** A fleet of so many nodes in a new SQLite file: the rows of one, again and again. */
export async function fillSqlite(path, count) {
  const store = openSqliteStore(path);
  await registerNodes(store, [TEMPLATE]);
  store.close();
  const database = new DatabaseSync(path);
  database.exec('PRAGMA synchronous = OFF; PRAGMA cache_size = -200000');
  const turns = new Uint32Array(count);
  for (let turn = 0; turn < count; turn += 1) turns[((turn + 1) * TURN_STEP) % count] = turn;
  const inserts = ['node', 'presence', 'status'].map((table) => {
    const row = database.prepare(`SELECT * FROM ${table}`).get();
    const columns = Object.keys(row);
    const statement = database.prepare(
      `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
    );
    const expectedByAt = columns.indexOf('expected_by_ms');
    return (number) => {
      const values = Object.values(row).map(renamer(number));
      // Expected in the order in which they send, as in a fleet that has sent for a while.
      if (expectedByAt !== -1) values[expectedByAt] += turns[number];
      statement.run(...values);
    };
  });
  for (let start = 0; start < count; start += AT_ONCE) {
    database.exec('BEGIN');
    for (let number = start; number < Math.min(count, start + AT_ONCE); number += 1) {
      for (const insert of inserts) insert(number);
    }
    database.exec('COMMIT');
  }
  database.prepare('DELETE FROM node WHERE node_id = ?').run(templateParts[0]);
  database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  database.close();
}

/** The same in a schema of a PostgreSQL database; the rows are made there. */
export async function fillPostgres(url, schema, count) {
  const store = await openPostgresStore(url, { schema });
  await registerNodes(store, [TEMPLATE]);
  await store.close();
  const client = new pg.Client(url);
  await client.connect();
  await client.query(`SET search_path TO ${schema}; SET synchronous_commit = off`);
  const renamed = (column) =>
    `replace(replace(replace(replace(${column}, $5, new.node_id), $6, new.boot_id), $7, new.token_id), $8, new.hash)`;
  const template = partsOf(TEMPLATE);
  for (let start = 0; start < count; start += AT_ONCE) {
    const numbers = Array.from({ length: Math.min(AT_ONCE, count - start) }, (_, index) => start + index);
    const parts = numbers.map(partsOf);
    const columns = [0, 1, 2, 3].map((index) => parts.map((each) => each[index]));
    await client.query(
      `WITH new AS MATERIALIZED (
        SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[]) AS new (node_id, boot_id, token_id, hash)
      ), nodes AS (
        INSERT INTO node
          (node_id, revision, join_token_id, approved_at_ms, current_token_hash, record)
        SELECT new.node_id, node.revision, node.join_token_id, node.approved_at_ms, new.hash, ${renamed('node.record')}
        FROM node, new WHERE node.node_id = $5 RETURNING node_id
      ), presences AS (
        INSERT INTO presence (node_id, accepted_boot_id, expected_by_ms, last_heartbeat, status_head, version)
        SELECT
          new.node_id, new.boot_id, presence.expected_by_ms, ${renamed('presence.last_heartbeat')},
          ${renamed('presence.status_head')}, presence.version
        FROM presence, new WHERE presence.node_id = $5
      )
      INSERT INTO status (node_id, status) SELECT new.node_id, status.status FROM status, new WHERE status.node_id = $5`,
      [...columns, ...template],
    );
  }
  await client.query('DELETE FROM node WHERE node_id = $1', [template[0]]);
  await client.query('VACUUM ANALYZE');
  await client.end();
}

/** What tells one node from another in its rows. */
function partsOf(number) {
  const node = nodeOf(number);
  const { id, hash } = tokenRecordOf(node);
  return [node.nodeId, node.bootId, id, hash];
}

const templateParts = partsOf(TEMPLATE);

function renamer(number) {
  const parts = partsOf(number);
  return (value) => {
    if (typeof value !== 'string') return value;
    return templateParts.reduce((text, part, index) => text.replaceAll(part, parts[index]), value);
  };
}
