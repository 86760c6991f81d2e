import { createRequire } from 'node:module';
import { DatabaseSync } from 'node:sqlite';
import { createJoinToken } from '@serve.zone/baseos-cloudly-handlers';
import { openPostgresStore } from '@serve.zone/baseos-cloudly-handlers/postgres';
import { openSqliteStore } from '@serve.zone/baseos-cloudly-handlers/sqlite';
import { nodeOf, status, statusHash, tokenRecordOf, TURN_STEP, vitals } from './heartbeat-node.mjs';

const pg = createRequire(new URL('../packages/cloudly-handlers/package.json', import.meta.url))('pg');

const AT_ONCE = 5000;

/** What there is of a node, in the order in which rows refer to others. */
const TABLES = ['node', 'presence', 'status', 'node_fact', 'node_watch', 'node_profile', 'node_label'];

/** What becomes of the times of nodes that have sent for a while: they are due in the order in which they send. */
const DUE = new Set(['expected_by_ms', 'check_at_ms']);

/** Beside the others: whose rows are copied, and so many more below it. No part of them occurs in another one. */
const TEMPLATE = 999_999_999_999;

/**
 * Registers these nodes as a server does, each with a status and a first heartbeat.
 *
 * @param likenessOf what is particular about a node: of its status, its labels, and how long ago it sent its heartbeat
 */
export async function registerNodes(store, numbers, likenessOf = () => ({})) {
  const { record } = await createJoinToken(store, { uses: numbers.length });
  const nowMs = Date.now();
  for (const [index, number] of numbers.entries()) {
    const node = nodeOf(number);
    const { nodeId, bootId } = node;
    const common = { revision: 1, registrationKeyHash: nodeId, approvalCode: 'ABCD1234', joinTokenId: record.id };
    const times = { registeredAtMs: nowMs, approvedAtMs: nowMs, currentToken: tokenRecordOf(node) };
    const outcome = await store.createNode({ nodeId, ...common, ...times, bootId, supersededBoots: [] }, nowMs);
    if (outcome !== 'created') throw new Error(`${nodeId} was not made: ${outcome}`);
    const { parts, labels, agoMs = 0 } = likenessOf(index, nodeId);
    const receivedAtMs = nowMs - agoMs;
    const expectedByMs = receivedAtMs + 180_000;
    const said = { vitals, status: { ...status, ...parts }, statusHash };
    await store.saveReport(nodeId, { bootId, sequence: 1, receivedAtMs, expectedByMs, ...said });
    if (labels) await setLabels(store, nodeId, labels);
  }
}

async function setLabels(store, nodeId, labels) {
  const operator = store.as({ actor: 'cli:bench', nowMs: Date.now() });
  await operator.replaceProfile({ ...(await operator.findProfile(nodeId)), labels });
}

/** One likeness, that of all nodes. */
const ALIKE = { count: 1, of: () => 0, likenessOf: () => ({}) };

/** Registers a node of each likeness, to be copied. */
async function registerTemplates(store, { count, likenessOf }) {
  const numbers = Array.from({ length: count }, (_, index) => TEMPLATE - index);
  await registerNodes(store, numbers, likenessOf);
  await store.sweep({ nowMs: Date.now(), upSinceMs: 0, limit: count });
  return numbers.map(partsOf);
}

/**
 * A fleet of so many nodes in a new SQLite file: the rows of some, again and again.
 *
 * @param likenesses how many there are, which one the node of a number has, and what each is like
 */
export async function fillSqlite(path, count, likenesses = ALIKE) {
  const store = openSqliteStore(path);
  const templates = await registerTemplates(store, likenesses);
  store.close();
  const database = new DatabaseSync(path);
  database.exec('PRAGMA synchronous = OFF; PRAGMA cache_size = -200000');
  const turns = new Uint32Array(count);
  for (let turn = 0; turn < count; turn += 1) turns[((turn + 1) * TURN_STEP) % count] = turn;
  const inserts = TABLES.map((table) => {
    const columns = database
      .prepare(`SELECT name FROM pragma_table_info('${table}')`)
      .all()
      .map(({ name }) => name);
    const select = database.prepare(`SELECT * FROM ${table} WHERE node_id = ?`);
    const rows = templates.map(([nodeId]) => select.all(nodeId).map((row) => columns.map((column) => row[column])));
    const statement = database.prepare(`INSERT INTO ${table} VALUES (${columns.map(() => '?').join(', ')})`);
    return (number) => {
      const likeness = likenesses.of(number);
      const rename = renamer(templates[likeness], partsOf(number));
      for (const row of rows[likeness]) {
        const values = row.map((value, index) =>
          DUE.has(columns[index]) && value !== null ? value + turns[number] : rename(value),
        );
        statement.run(...values);
      }
    };
  });
  for (let start = 0; start < count; start += AT_ONCE) {
    database.exec('BEGIN');
    for (let number = start; number < Math.min(count, start + AT_ONCE); number += 1) {
      for (const insert of inserts) insert(number);
    }
    database.exec('COMMIT');
  }
  const drop = database.prepare('DELETE FROM node WHERE node_id = ?');
  for (const [nodeId] of templates) drop.run(nodeId);
  database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  database.close();
}

/** The same in a schema of a PostgreSQL database; the rows are made there. */
export async function fillPostgres(url, schema, count, likenesses = ALIKE) {
  const store = await openPostgresStore(url, { schema });
  const templates = await registerTemplates(store, likenesses);
  await store.close();
  const client = new pg.Client(url);
  await client.connect();
  await client.query(`SET search_path TO ${schema}; SET synchronous_commit = off`);
  const renamed = ['node_id', 'boot_id', 'token_id', 'hash'].reduce(
    (text, part) => `replace(${text}, new.of_${part}, new.${part})`,
    'row_to_json(found)::text',
  );
  for (let start = 0; start < count; start += AT_ONCE) {
    const numbers = Array.from({ length: Math.min(AT_ONCE, count - start) }, (_, index) => start + index);
    const parts = numbers.map((number) => partsOf(number).concat(templates[likenesses.of(number)]));
    const columns = [0, 1, 2, 3, 4, 5, 6, 7].map((index) => parts.map((each) => each[index]));
    for (const table of TABLES) {
      const columnNames = await writtenColumns(client, schema, table);
      await client.query(
        `INSERT INTO ${table} (${columnNames.join(', ')}) SELECT ${columnNames.map((name) => `made.${name}`).join(', ')}
        FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[])
          AS new (node_id, boot_id, token_id, hash, of_node_id, of_boot_id, of_token_id, of_hash)
        JOIN ${table} AS found ON found.node_id = new.of_node_id
        CROSS JOIN LATERAL json_populate_record(NULL::${table}, ${renamed}::json) AS made`,
        columns,
      );
    }
  }
  await client.query('DELETE FROM node WHERE node_id = ANY ($1)', [templates.map(([nodeId]) => nodeId)]);
  await client.query('VACUUM ANALYZE');
  await client.end();
}

/** All but those that the database derives. */
async function writtenColumns(client, schema, table) {
  const { rows } = await client.query(
    `SELECT column_name FROM information_schema.columns
    WHERE table_schema = $1 AND table_name = $2 AND is_generated = 'NEVER' ORDER BY ordinal_position`,
    [schema, table],
  );
  return rows.map((row) => row.column_name);
}

/** What tells one node from another in its rows. */
function partsOf(number) {
  const node = nodeOf(number);
  const { id, hash } = tokenRecordOf(node);
  return [node.nodeId, node.bootId, id, hash];
}

function renamer(from, to) {
  return (value) =>
    typeof value === 'string' ? from.reduce((text, part, index) => text.replaceAll(part, to[index]), value) : value;
}
