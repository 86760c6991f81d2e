// A fleet of a million nodes on one machine: fills it, and holds the rate that pacing gives it while somebody reads nodes and
// history from another connection. Prints what a heartbeat costs server and database, how long heartbeats and reads take, and how
// large the fleet is. Linux only (/proc).
//
//   node bench/million-nodes.mjs [--nodes 1000000] [--minutes 10] [--stores postgres,sqlite]
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { openPostgresStore } from '@serve.zone/baseos-cloudly-handlers/postgres';
import { openSqliteStore } from '@serve.zone/baseos-cloudly-handlers/sqlite';
import { startPostgres } from '../packages/cloudly-handlers/test/fixtures/postgres-server.ts';
import { databaseCpu, postmasterPidOf } from './database-cpu.mjs';
import { openHeartbeatLoad } from './heartbeat-load.mjs';
import { nodeOf } from './heartbeat-node.mjs';
import { quantile } from './statistics.mjs';

const { values } = parseArgs({
  options: {
    nodes: { type: 'string', default: '1000000' },
    minutes: { type: 'string', default: '10' },
    stores: { type: 'string', default: 'postgres,sqlite' },
  },
});
const nodeCount = Number(values.nodes);
const seconds = Number(values.minutes) * 60;
const CONNECTIONS = 64;
const READ_EVERY_MS = 100;
/** So many answers tell the interval that pacing gives. */
const INTERVALS_ASKED = 200;

const pg = createRequire(new URL('../packages/cloudly-handlers/package.json', import.meta.url))('pg');

function say(text) {
  process.stdout.write(`${text}\n`);
}

function quantiles(valuesMs) {
  const at = (share) => quantile(valuesMs, share) ?? Number.NaN;
  return `p50 ${at(0.5).toFixed(1)} ms, p99 ${at(0.99).toFixed(1)} ms, longest ${at(1).toFixed(0)} ms`;
}

/** Reads as an operator's page does, all the while, and notes how long each kind takes. */
async function readMeanwhile(store, isOver) {
  const times = { 'a page of nodes': [], 'a node': [], 'its history': [] };
  const timed = async (kind, work) => {
    const startMs = performance.now();
    await work();
    times[kind].push(performance.now() - startMs);
  };
  while (!isOver()) {
    const { nodeId } = nodeOf(Math.floor(Math.random() * nodeCount));
    await timed('a page of nodes', () => store.listNodes({ afterNodeId: nodeId, limit: 100 }));
    await timed('a node', () => store.findNode(nodeId));
    await timed('its history', () => store.listHistory(nodeId, 'detail'));
    await pause(READ_EVERY_MS);
  }
  return times;
}

async function measure({ kind, place, openReader, databaseCpuUs, describeSize }) {
  const startMs = performance.now();
  const server = fork(
    fileURLToPath(new URL('heartbeat-server.mjs', import.meta.url)),
    [kind, String(nodeCount), place],
    { execArgv: ['--no-warnings'] },
  );
  try {
    const [{ port }] = await once(server, 'message');
    say(
      `${kind}: ${nodeCount.toLocaleString('en')} nodes filled in ${((performance.now() - startMs) / 1000).toFixed(0)} s`,
    );
    const load = await openHeartbeatLoad(port, { known: nodeCount, connectionCount: CONNECTIONS });
    const intervalsMs = [];
    while (intervalsMs.length < INTERVALS_ASKED) intervalsMs.push((await load.beat()).heartbeatIntervalMs ?? 60_000);
    const intervalMs = intervalsMs.reduce((sum, each) => sum + each, 0) / intervalsMs.length;
    const perSecond = nodeCount / (intervalMs / 1000);
    say(
      `${kind}: an interval of ${(intervalMs / 60_000).toFixed(1)} min, which is ${perSecond.toFixed(0)} heartbeats/s`,
    );

    const usedCpu = async () => {
      server.send('cpu');
      const [{ cpu }] = await once(server, 'message');
      return { server: cpu.user + cpu.system, database: databaseCpuUs() };
    };
    const reader = await openReader();
    let isOver = false;
    const reading = readMeanwhile(reader, () => isOver);
    const before = await usedCpu();
    const { latenciesMs, count } = await load.paced({ perSecond, seconds });
    const after = await usedCpu();
    isOver = true;
    const readTimes = await reading;
    await reader.close();
    load.close();
    say(`${kind}: ${count.toLocaleString('en')} heartbeats, ${quantiles(latenciesMs)}`);
    say(
      `${kind}: CPU for each, server ${((after.server - before.server) / count).toFixed(0)} us, database ${((after.database - before.database) / count).toFixed(0)} us with the reads`,
    );
    for (const [what, timesMs] of Object.entries(readTimes)) say(`${kind}: reading ${what}: ${quantiles(timesMs)}`);
    for (const line of await describeSize()) say(`${kind}: ${line}`);
  } finally {
    server.disconnect();
    await once(server, 'exit');
  }
}

function megabytes(bytes) {
  return `${(bytes / 1e6).toFixed(0)} MB`;
}

async function measurePostgres() {
  const postgres = await startPostgres({ fsync: 'on', full_page_writes: 'on', autovacuum: 'on' });
  const url = postgres.url();
  const schema = `known_${nodeCount}`;
  const postmasterPid = postmasterPidOf(url);
  try {
    await measure({
      kind: 'postgres',
      place: url,
      openReader: () => openPostgresStore(url, { schema, maxConnections: 1 }),
      databaseCpuUs: () => databaseCpu(postmasterPid),
      async describeSize() {
        const client = new pg.Client(url);
        await client.connect();
        const { rows } = await client.query(
          `SELECT relname, pg_total_relation_size(relid) AS bytes, n_tup_upd AS updates, n_tup_hot_upd AS in_place
           FROM pg_stat_user_tables WHERE schemaname = $1 AND pg_total_relation_size(relid) > 1000000 ORDER BY 2 DESC`,
          [schema],
        );
        await client.end();
        return rows.map(
          ({ relname, bytes, updates, in_place }) =>
            `table ${relname}: ${megabytes(Number(bytes))}, ${in_place} of ${updates} updates in place`,
        );
      },
    });
  } finally {
    await postgres.remove();
  }
}

async function measureSqlite() {
  const folder = mkdtempSync(join(tmpdir(), 'baseos-million-'));
  const path = join(folder, 'fleet.sqlite');
  try {
    await measure({
      kind: 'sqlite',
      place: folder,
      openReader: async () => openSqliteStore(path, { readOnly: true }),
      databaseCpuUs: () => 0,
      describeSize: async () =>
        ['', '-wal'].map((end) => `fleet.sqlite${end}: ${megabytes(statSync(path + end).size)}`),
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const measures = { postgres: measurePostgres, sqlite: measureSqlite };
for (const kind of values.stores.split(',')) await measures[kind]();
