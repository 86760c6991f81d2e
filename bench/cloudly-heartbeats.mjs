// What a heartbeat costs Cloudly: the handlers over each store, with few and with many nodes in it, beside a bare node:http
// server that only parses the same JSON; one after the other in one run, on loopback. First at a set pace, with the latency
// counted from when a heartbeat was due, then as many as go. The load comes from this process, so two cores are the least, and
// PostgreSQL has them to share. Linux only (/proc, /dev/shm).
//
//   npx -y pnpm@12.21.0 run bench:cloudly-heartbeats [--quick] [--rate 500] [--seconds 10]
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { startPostgres } from '../packages/cloudly-handlers/test/fixtures/postgres-server.ts';
import { openHeartbeatLoad } from './heartbeat-load.mjs';

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    rate: { type: 'string', default: '500' },
    seconds: { type: 'string' },
  },
});
const perSecond = Number(values.rate);
const seconds = Number(values.seconds ?? (values.quick ? 3 : 10));
const fleets = values.quick ? [100, 2000] : [100, 100_000];
const WARM_UP_SECONDS = 2;
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

/** What the processes of PostgreSQL have used of the CPU, in microseconds. */
function databaseCpu(postmasterPid) {
  const ticks = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
          .replace(/^.*\) /s, '')
          .split(' ');
        return Number(fields[1]) === postmasterPid || Number(pid) === postmasterPid
          ? [Number(fields[11]) + Number(fields[12])]
          : [];
      } catch {
        // It has ended meanwhile.
        return [];
      }
    });
  return ticks.reduce((sum, some) => sum + some, 0) * 10_000;
}

function quantile(sorted, share) {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}

async function measure({ kind, known, place, postmasterPid }) {
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
  try {
    const { port } = await told();
    const load = await openHeartbeatLoad(port, { known, connectionCount: CONNECTIONS });
    say(`${kind}, ${known} nodes: measuring`);
    await load.saturating({ seconds: WARM_UP_SECONDS });
    const paced = await costOf(() => load.paced({ perSecond, seconds }));
    const saturated = await costOf(() => load.saturating({ seconds }));
    load.close();
    const sorted = paced.latenciesMs.toSorted((a, b) => a - b);
    say(`${kind}, ${known} nodes: ${saturated.perSecond.toFixed(0)}/s, ${saturated.cpuUs.toFixed(0)} us each`);
    return { kind, known, paced, p50Ms: quantile(sorted, 0.5), p99Ms: quantile(sorted, 0.99), saturated };
  } finally {
    ended.catch(() => undefined);
    server.disconnect();
    await once(server, 'exit');
  }
}

function write(rows) {
  const [bare] = rows;
  const ratio = (value, of) => `x${(value / of).toFixed(value / of < 10 ? 1 : 0)}`;
  const header = [
    [
      'store',
      'nodes',
      `p50 at ${perSecond}/s`,
      'p99',
      'CPU each',
      'to bare',
      'as many as go',
      'to bare',
      'CPU each',
      'to bare',
      'database',
    ],
  ];
  const lines = rows.map(({ kind, known, paced, p50Ms, p99Ms, saturated }) => [
    kind,
    kind === 'bare' ? '-' : known.toLocaleString('en'),
    `${p50Ms.toFixed(2)} ms`,
    `${p99Ms.toFixed(2)} ms`,
    `${paced.cpuUs.toFixed(0)} us`,
    ratio(paced.cpuUs, bare.paced.cpuUs),
    `${saturated.perSecond.toFixed(0)}/s`,
    `x${(saturated.perSecond / bare.saturated.perSecond).toFixed(2)}`,
    `${saturated.cpuUs.toFixed(0)} us`,
    ratio(saturated.cpuUs, bare.saturated.cpuUs),
    kind === 'postgres' ? `${saturated.databaseCpuUs.toFixed(0)} us` : '-',
  ]);
  const table = [...header, ...lines];
  const widths = table[0].map((_, column) => Math.max(...table.map((line) => line[column].length)));
  for (const line of table) {
    process.stdout.write(
      `${line.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column]))).join('  ')}\n`,
    );
  }
}

const folder = mkdtempSync(join(tmpdir(), 'baseos-bench-'));
const postgres = await startPostgresIfThere();
try {
  const postgresFolder = postgres && new URL(postgres.url().replace('@/', '@localhost/')).searchParams.get('host');
  const postmasterPid =
    postgres && Number.parseInt(readFileSync(join(postgresFolder, 'data', 'postmaster.pid'), 'utf8'), 10);
  const rows = [await measure({ kind: 'bare', known: 100, place: '' })];
  for (const known of fleets) {
    rows.push(await measure({ kind: 'memory', known, place: '' }));
    rows.push(await measure({ kind: 'sqlite', known, place: mkdtempSync(join(folder, 'sqlite-')) }));
    if (postgres) rows.push(await measure({ kind: 'postgres', known, place: postgres.url(), postmasterPid }));
  }
  const [{ model }] = cpus();
  process.stdout.write(`${cpus().length} cores, ${model}; Node ${process.versions.node}; ${seconds} s each\n`);
  write(rows);
} finally {
  await postgres?.remove();
  rmSync(folder, { recursive: true, force: true });
}
