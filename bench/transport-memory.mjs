// What an agent costs in resident memory: `baserunner start` as a device runs it (node:http), beside the same agent as a
// library on its default transport (ky). Both at once, against one stand-alone Cloudly on loopback, one heartbeat a second;
// the median of the second half of the time. Linux only (/proc).
//
//   npx -y pnpm@12.21.0 run bench:transport-memory [--seconds 30]
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { startStandaloneCloudly } from '@serve.zone/baseos-cloudly-standalone';
import { median } from './statistics.mjs';

const { values } = parseArgs({ options: { seconds: { type: 'string', default: '30' } } });
const seconds = Number(values.seconds);
const folder = mkdtempSync(join(tmpdir(), 'baseos-bench-'));
const cloudly = await startStandaloneCloudly({ databasePath: join(folder, 'fleet.sqlite') });

const agents = {
  'node:http': ['../apps/baserunner/dist/cli.js', 'start'],
  ky: ['library-agent.mjs'],
};

function residentMb(pid) {
  return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1000;
}

async function start([transport, [file, ...parameters]]) {
  const { joinToken } = await cloudly.createJoinToken({ uses: 1 });
  const name = transport.replace(':', '-');
  const child = spawn(process.execPath, [fileURLToPath(new URL(file, import.meta.url)), ...parameters], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      PATH: process.env.PATH,
      BASEOS_CLOUDLY_URL: cloudly.url,
      BASEOS_JOIN_TOKEN: joinToken,
      BASEOS_HEARTBEAT_INTERVAL_MS: '1000',
      BASEOS_LOG_LEVEL: 'error',
      BASEOS_STATE_PATH: join(folder, name, 'state.json'),
      BASEOS_RUN_PATH: join(folder, name, 'run'),
    },
  });
  return { transport, child, samplesMb: [] };
}

const running = await Promise.all(Object.entries(agents).map(start));
try {
  for (let second = 1; second <= seconds; second += 1) {
    await sleep(1000);
    for (const { child, samplesMb } of running) if (second > seconds / 2) samplesMb.push(residentMb(child.pid));
  }
  const mediansMb = running.map(({ transport, samplesMb }) => {
    const medianMb = median(samplesMb);
    process.stdout.write(`${transport.padEnd(10)} ${medianMb.toFixed(1)} MB resident\n`);
    return medianMb;
  });
  process.stdout.write(`ratio      ${(mediansMb[0] / mediansMb[1]).toFixed(2)}\n`);
} finally {
  for (const { child } of running) child.kill();
  await cloudly.close();
  rmSync(folder, { recursive: true, force: true });
}
