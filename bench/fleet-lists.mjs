// What operators' lists, counts and searches cost a fleet of 100,000 nodes on one machine, beside heartbeats at the rate that
// pacing gives it: how long each takes the server, and how long heartbeats take meanwhile; then a job that labels a tenth of the
// nodes, beside heartbeats, too. Times with and without reads take turns, so that what else the machine does counts for both.
// Exits with 1 if the median of a list is above 100 ms.
//
//   node bench/fleet-lists.mjs [--nodes 100000] [--seconds 10] [--rounds 6] [--stores sqlite,postgres]
//
// With --rounds 0, only the job is measured, right after as many seconds of heartbeats without it.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { startPostgres } from '../packages/cloudly-handlers/test/fixtures/postgres-server.ts';
import { openHeartbeatLoad } from './heartbeat-load.mjs';
import { quantile } from './statistics.mjs';
import { heardOf } from './varied-fleet.mjs';

const { values } = parseArgs({
  options: {
    nodes: { type: 'string', default: '100000' },
    seconds: { type: 'string', default: '10' },
    rounds: { type: 'string', default: '6' },
    stores: { type: 'string', default: 'sqlite,postgres' },
  },
});
const nodeCount = Number(values.nodes);
const seconds = Number(values.seconds);
const rounds = Number(values.rounds);
const CONNECTIONS = 64;
/** So many answers tell the interval that pacing gives. */
const INTERVALS_ASKED = 200;
const LIST_MEDIAN_MAX_MS = 100;

function say(text) {
  process.stdout.write(`${text}\n`);
}

function timesOf(valuesMs) {
  const at = (share) => (quantile(valuesMs, share) ?? Number.NaN).toFixed(1).padStart(7);
  return `p50 ${at(0.5)} ms   p99 ${at(0.99)} ms   longest ${at(1)} ms`;
}

async function measure(kind, place) {
  const server = fork(
    fileURLToPath(new URL('fleet-lists-server.mjs', import.meta.url)),
    [kind, String(nodeCount), place],
    { execArgv: ['--no-warnings'] },
  );
  try {
    const [{ port }] = await once(server, 'message');
    const load = await openHeartbeatLoad(port, { known: heardOf(nodeCount), connectionCount: CONNECTIONS });
    const intervalsMs = [];
    while (intervalsMs.length < INTERVALS_ASKED) intervalsMs.push((await load.beat()).heartbeatIntervalMs ?? 60_000);
    const intervalMs = intervalsMs.reduce((sum, each) => sum + each, 0) / intervalsMs.length;
    const perSecond = nodeCount / (intervalMs / 1000);
    say(`\n${kind}: ${nodeCount.toLocaleString('en')} nodes, ${perSecond.toFixed(0)} heartbeats/s`);

    const heartbeatsMs = { without: [], with: [] };
    const readTimes = [];
    await load.paced({ perSecond, seconds });
    for (let round = 0; round < rounds; round += 1) {
      heartbeatsMs.without.push(...(await load.paced({ perSecond, seconds })).latenciesMs);
      server.send('read');
      heartbeatsMs.with.push(...(await load.paced({ perSecond, seconds })).latenciesMs);
      server.send('stop');
      const [{ times }] = await once(server, 'message');
      readTimes.push(...times);
    }
    const heartbeatsBeforeBulkMs = (await load.paced({ perSecond, seconds })).latenciesMs;
    const heartbeatsBesideBulkMs = [];
    const answers = [];
    server.once('message', (answer) => answers.push(answer));
    server.send('bulk');
    while (answers.length === 0)
      heartbeatsBesideBulkMs.push(...(await load.paced({ perSecond, seconds: 1 })).latenciesMs);
    load.close();
    if (rounds > 0) {
      say(`  ${'heartbeats without reads'.padEnd(44)} ${timesOf(heartbeatsMs.without)}`);
      say(`  ${'heartbeats with reads'.padEnd(44)} ${timesOf(heartbeatsMs.with)}`);
    }
    say(`  ${'heartbeats before a job'.padEnd(44)} ${timesOf(heartbeatsBeforeBulkMs)}`);
    say(`  ${'heartbeats beside a job'.padEnd(44)} ${timesOf(heartbeatsBesideBulkMs)}`);
    for (const { done, previewMs, wholeMs } of answers) {
      say(
        `  a job that labels ${done.toLocaleString('en')} nodes: previewed in ${previewMs.toFixed(0)} ms, done after ${wholeMs.toFixed(0)} ms`,
      );
    }
    for (const [what, times] of Map.groupBy(readTimes, (time) => time.what)) {
      const timesMs = times.map(({ ms }) => ms);
      say(`  ${what.padEnd(44)} ${timesOf(timesMs)}`);
      if (what.startsWith('list') && quantile(timesMs, 0.5) > LIST_MEDIAN_MAX_MS) process.exitCode = 1;
    }
  } finally {
    server.disconnect();
    await once(server, 'exit');
  }
}

const measures = {
  async sqlite() {
    const folder = mkdtempSync(join(tmpdir(), 'baseos-lists-'));
    try {
      await measure('sqlite', folder);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
  async postgres() {
    const postgres = await startPostgres({ fsync: 'on', full_page_writes: 'on', autovacuum: 'on' });
    try {
      await measure('postgres', postgres.url());
    } finally {
      await postgres.remove();
    }
  },
};
for (const kind of values.stores.split(',')) await measures[kind]();
