// What a rollout over 100,000 nodes costs on one machine, beside heartbeats at the rate that pacing gives it: how long the freezing
// of its members takes, how long a step (reading, planning, keeping), and how long heartbeats take meanwhile. Times with and
// without steps take turns, so that what else the machine does counts for both. Exits with 1 if the 99th percentile of a step is
// above 200 ms.
//
//   node bench/rollouts.mjs [--nodes 100000] [--seconds 10] [--rounds 6] [--stores sqlite,postgres]
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
const STEP_P99_MAX_MS = 200;

function say(text) {
  process.stdout.write(`${text}\n`);
}

function timesOf(valuesMs) {
  const at = (share) => (quantile(valuesMs, share) ?? Number.NaN).toFixed(1).padStart(7);
  return `p50 ${at(0.5)} ms   p99 ${at(0.99)} ms   longest ${at(1)} ms`;
}

async function measure(kind, place) {
  const server = fork(
    fileURLToPath(new URL('rollouts-server.mjs', import.meta.url)),
    [kind, String(nodeCount), place],
    {
      execArgv: ['--no-warnings'],
    },
  );
  server.once('exit', (code) => code && process.exit(code));
  try {
    const [{ port }] = await once(server, 'message');
    const load = await openHeartbeatLoad(port, { known: heardOf(nodeCount), connectionCount: CONNECTIONS });
    const intervalsMs = [];
    while (intervalsMs.length < INTERVALS_ASKED) intervalsMs.push((await load.beat()).heartbeatIntervalMs ?? 60_000);
    const intervalMs = intervalsMs.reduce((sum, each) => sum + each, 0) / intervalsMs.length;
    const perSecond = nodeCount / (intervalMs / 1000);
    say(`\n${kind}: ${nodeCount.toLocaleString('en')} nodes, ${perSecond.toFixed(0)} heartbeats/s`);
    await load.paced({ perSecond, seconds });

    const besideFreezingMs = [];
    const frozen = [];
    server.once('message', (answer) => frozen.push(answer));
    server.send('freeze');
    while (frozen.length === 0) {
      besideFreezingMs.push(...(await load.paced({ perSecond, seconds: 1 })).latenciesMs);
    }

    const heartbeatsMs = { without: [], with: [] };
    const stepsMs = [];
    let endedCount = 0;
    for (let round = 0; round < rounds; round += 1) {
      heartbeatsMs.without.push(...(await load.paced({ perSecond, seconds })).latenciesMs);
      server.send('step');
      heartbeatsMs.with.push(...(await load.paced({ perSecond, seconds })).latenciesMs);
      server.send('stop');
      const [{ times, ended }] = await once(server, 'message');
      stepsMs.push(...times);
      endedCount += ended;
    }
    load.close();
    say(`  ${'heartbeats without a rollout'.padEnd(36)} ${timesOf(heartbeatsMs.without)}`);
    say(`  ${'heartbeats beside its steps'.padEnd(36)} ${timesOf(heartbeatsMs.with)}`);
    say(`  ${'heartbeats beside its freezing'.padEnd(36)} ${timesOf(besideFreezingMs)}`);
    say(`  ${`steps (${endedCount.toLocaleString('en')} commands)`.padEnd(36)} ${timesOf(stepsMs)}`);
    say(`  frozen after ${((frozen[0]?.frozenMs ?? Number.NaN) / 1000).toFixed(1)} s`);
    if (!(quantile(stepsMs, 0.99) <= STEP_P99_MAX_MS)) process.exitCode = 1;
  } finally {
    server.disconnect();
    await once(server, 'exit');
  }
}

const measures = {
  async sqlite() {
    const folder = mkdtempSync(join(tmpdir(), 'baseos-rollouts-'));
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
