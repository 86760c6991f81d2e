// What a heartbeat costs Cloudly: the handlers over each store, with few and with many nodes in it, beside a bare node:http
// server that only parses the same JSON, on loopback. First at a set pace, with the latency counted from when a heartbeat was
// due, then as many as go. All take turns, several rounds long: each number is the median of the rounds, and a ratio is one of
// the same round, so that what else the machine does counts for both. The load comes from this process, so two cores are the
// least, and PostgreSQL has them to share. Linux only (/proc, /dev/shm).
//
//   npx -y pnpm@12.21.0 run bench:cloudly-heartbeats [--quick] [--rate 500] [--seconds 4] [--rounds 5]
//     [--nodes 100,100000] [--stores memory,sqlite,postgres]
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { startPostgres } from '../packages/cloudly-handlers/test/fixtures/postgres-server.ts';
import { databaseCpu, postmasterPidOf } from './database-cpu.mjs';
import { openHeartbeatLoad } from './heartbeat-load.mjs';
import { median, quantile } from './statistics.mjs';

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    rate: { type: 'string', default: '500' },
    seconds: { type: 'string' },
    rounds: { type: 'string', default: '5' },
    nodes: { type: 'string' },
    stores: { type: 'string', default: 'memory,sqlite,postgres' },
  },
});
const perSecond = Number(values.rate);
const seconds = Number(values.seconds ?? (values.quick ? 2 : 4));
const roundCount = Number(values.rounds);
const fleets = (values.nodes ?? (values.quick ? '100,2000' : '100,100000')).split(',').map(Number);
const stores = values.stores.split(',');
/** So many compile what is used often, whatever else the machine does. */
const WARM_UP_HEARTBEATS = 20_000;
const ROUND_WARM_UP_HEARTBEATS = 1000;
const CONNECTIONS = 64;

function say(text) {
  return process.stderr.write(`${text}\n`);
}

async function startPostgresIfThere() {
  try {
    return await startPostgres({ fsync: 'on', full_page_writes: 'on', autovacuum: 'on' });
  } catch (error) {
    say(`PostgreSQL is left out: ${error.message}.`);
    return undefined;
  }
}

/** A server of this kind with its load, and how to measure it for a round. */
async function start({ kind, known, place, postmasterPid }) {
  say(`${kind}, ${known} nodes: filling`);
  const server = fork(fileURLToPath(new URL('heartbeat-server.mjs', import.meta.url)), [kind, String(known), place], {
    execArgv: ['--no-warnings'],
  });
  const ended = once(server, 'exit').then(([code]) => {
    throw new Error(`The server of ${kind} ended with ${code}`);
  });
  const told = async () => (await Promise.race([once(server, 'message'), ended]))[0];
  const usedCpu = async () => {
    server.send('cpu');
    const { cpu } = await told();
    return { server: cpu.user + cpu.system, database: postmasterPid === undefined ? 0 : databaseCpu(postmasterPid) };
  };
  const costOf = async (work) => {
    const before = await usedCpu();
    const done = await work();
    const after = await usedCpu();
    return {
      ...done,
      cpuUs: (after.server - before.server) / done.count,
      databaseCpuUs: (after.database - before.database) / done.count,
    };
  };
  const { port } = await told();
  const load = await openHeartbeatLoad(port, { known, connectionCount: CONNECTIONS });
  say(`${kind}, ${known} nodes: warming up`);
  await load.saturating({ heartbeats: WARM_UP_HEARTBEATS });
  return {
    kind,
    known,
    rounds: [],
    async measure() {
      await load.saturating({ heartbeats: ROUND_WARM_UP_HEARTBEATS });
      const paced = await costOf(() => load.paced({ perSecond, seconds }));
      const saturated = await costOf(() => load.saturating({ seconds }));
      const { latenciesMs } = paced;
      this.rounds.push({ paced, p50Ms: median(latenciesMs), p99Ms: quantile(latenciesMs, 0.99), saturated });
      say(`${kind}, ${known} nodes: ${saturated.perSecond.toFixed(0)}/s, ${saturated.cpuUs.toFixed(0)} us each`);
    },
    async end() {
      load.close();
      ended.catch(() => undefined);
      server.disconnect();
      await once(server, 'exit');
    },
  };
}

const columns = [
  ['p50', ({ p50Ms }) => p50Ms, (ms) => `${ms.toFixed(2)} ms`],
  ['p99', ({ p99Ms }) => p99Ms, (ms) => `${ms.toFixed(2)} ms`],
  [`CPU at ${perSecond}/s`, ({ paced }) => paced.cpuUs, inMicroseconds, ratio],
  ['as many as go', ({ saturated }) => saturated.perSecond, (rate) => `${rate.toFixed(0)}/s`, ratio],
  ['CPU', ({ saturated }) => saturated.cpuUs, inMicroseconds, ratio],
  ['database', ({ saturated }) => saturated.databaseCpuUs, (us) => (us > 0 ? inMicroseconds(us) : '-')],
];

function inMicroseconds(us) {
  return `${us.toFixed(0)} us`;
}

function ratio(value) {
  return `x${value.toFixed(value < 10 ? 2 : 1)}`;
}

function write(servers) {
  const [bare] = servers;
  const header = columns.flatMap(([name, , , relate]) => (relate ? [name, 'to bare'] : [name]));
  const lines = servers.map(({ kind, known, rounds }) => [
    kind,
    kind === 'bare' ? '-' : known.toLocaleString('en'),
    ...columns.flatMap(([, read, show, relate]) => {
      const shown = show(median(rounds.map(read)));
      if (!relate) return [shown];
      return [shown, relate(median(rounds.map((round, index) => read(round) / read(bare.rounds[index]))))];
    }),
  ]);
  const table = [['store', 'nodes', ...header], ...lines];
  const widths = table[0].map((_, column) => Math.max(...table.map((line) => line[column].length)));
  for (const line of table) {
    process.stdout.write(
      `${line.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column]))).join('  ')}\n`,
    );
  }
}

const folder = mkdtempSync(join(tmpdir(), 'baseos-bench-'));
const servers = [];
const postgres = await startPostgresIfThere();
try {
  const postmasterPid = postgres && postmasterPidOf(postgres.url());
  const places = {
    memory: () => ({ place: '' }),
    sqlite: () => ({ place: mkdtempSync(join(folder, 'sqlite-')) }),
    postgres: () => postgres && { place: postgres.url(), postmasterPid },
  };
  servers.push(await start({ kind: 'bare', known: 100, place: '' }));
  for (const known of fleets) {
    for (const kind of stores) {
      const where = places[kind]();
      if (where) servers.push(await start({ kind, known, ...where }));
    }
  }
  for (let round = 1; round <= roundCount; round += 1) {
    say(`Round ${round} of ${roundCount}`);
    for (const server of servers) await server.measure();
  }
  const [{ model }] = cpus();
  process.stdout.write(
    `${cpus().length} cores, ${model}; Node ${process.versions.node}; medians of ${roundCount} rounds of ${seconds} s each\n`,
  );
  write(servers);
} finally {
  for (const server of servers) await server.end();
  await postgres?.remove();
  rmSync(folder, { recursive: true, force: true });
}
