// What an agent that waits costs a device: its memory, its processor time for each heartbeat, and how long it takes from its
// start to its first one. `baserunner start` as the image starts it (its entry, its flags), beside a twin of what it replaces
// (predecessor-twin.mjs) on the same Node, over http and over TLS, woken and not, all at once and a heartbeat a second. Prints
// medians of several rounds, and ratios to the twin, by which machines can be compared. Another checkout is measured beside them
// by --against, and what other flags of Node would change by --flags. Linux only (/proc).
//
//   npx -y pnpm@12.21.0 run bench:idle-agent [--rounds 5] [--settle 15] [--heartbeats 20] [--interval 1]
//     [--against <built checkout>] [--flags "--no-opt"]
import { fork, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { cpuMsOf, memoryOf } from './process-cost.mjs';
import { median } from './statistics.mjs';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    settle: { type: 'string', default: '15' },
    heartbeats: { type: 'string', default: '20' },
    interval: { type: 'string', default: '1' },
    against: { type: 'string', multiple: true, default: [] },
    flags: { type: 'string', multiple: true, default: [] },
  },
});
const here = fileURLToPath(new URL('.', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'baseos-bench-'));
// In memory, as in a container.
const runFolder = mkdtempSync('/dev/shm/baseos-bench-');

/** Starts the agent of a checkout as its image does: by its entry, which knows the bundle under another path. */
function entryOf(checkout, flags = '') {
  const app = join(checkout, 'apps/baserunner');
  if (!existsSync(join(app, 'dist/cli.js'))) throw new Error(`${app} is not built`);
  const entry = readFileSync(join(app, 'container/baserunner'), 'utf8')
    .replace('/opt/baserunner/compiled', join(folder, 'compiled'))
    .replaceAll('/opt/baserunner/', `${join(app, 'dist')}/`)
    .replace(/^set -- node /m, `set -- node ${flags} `);
  return ['/bin/sh', '-c', entry, 'baserunner', 'start'];
}

const twin = [process.execPath, join(here, 'predecessor-twin.mjs')];
const agents = {
  agent: entryOf(join(here, '..')),
  ...Object.fromEntries(values.against.map((checkout) => [checkout, entryOf(resolve(checkout))])),
  ...Object.fromEntries(values.flags.map((flags) => [flags, entryOf(join(here, '..'), flags)])),
};
const ways = ['http', 'TLS'];
const contenders = [
  ...Object.entries(agents).flatMap(([name, command]) =>
    ways.flatMap((transport) => ['on', 'off'].map((wake) => contenderOf({ name, command, transport, wake }))),
  ),
  ...ways.map((transport) => contenderOf({ name: 'twin', command: twin, transport, wake: '-' })),
];

function contenderOf({ name, command, transport, wake }) {
  return { name, command, transport, wake, nodeId: randomUUID(), rounds: [] };
}

const surroundings = fork(join(here, 'idle-agent-surroundings.mjs'));
const [{ urls, authorityPath, supervisor }] = await once(surroundings, 'message');
let questions = 0;
const answered = new Map();
surroundings.on('message', ({ id, answer }) => answered.get(id)(answer));

function ask(question) {
  const id = (questions += 1);
  surroundings.send({ id, ...question });
  return new Promise((done) => answered.set(id, done));
}

function start({ command: [program, ...parameters], transport, wake, nodeId }, joinToken) {
  const child = spawn(program, parameters, {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      PATH: `${dirname(process.execPath)}:${process.env.PATH}`,
      NODE_EXTRA_CA_CERTS: authorityPath,
      BASEOS_CLOUDLY_URL: transport === 'TLS' ? urls.secure : urls.plain,
      BASEOS_NODE_ID: nodeId,
      BALENA_DEVICE_UUID: nodeId,
      ...(joinToken && { BASEOS_JOIN_TOKEN: joinToken }),
      BASEOS_HEARTBEAT_INTERVAL_MS: String(Number(values.interval) * 1000),
      BASEOS_START_SPREAD_MS: '0',
      ...(wake === 'off' && { BASEOS_WAKE: 'off' }),
      BASEOS_LOG_LEVEL: 'error',
      BASEOS_STATE_PATH: join(folder, nodeId, 'state.json'),
      BASEOS_RUN_PATH: join(runFolder, nodeId),
      BALENA_SUPERVISOR_ADDRESS: supervisor.address,
      BALENA_SUPERVISOR_API_KEY: supervisor.apiKey,
      BALENA_APP_ID: '1234567',
      BALENA_SERVICE_NAME: 'baserunner',
    },
  });
  running.add(child);
  child.on('exit', (code, signal) => {
    if (running.delete(child) && signal === null) throw new Error(`${program} ended by itself with ${code}`);
  });
  return child;
}

async function end(child) {
  running.delete(child);
  child.kill();
  await once(child, 'exit');
}

const running = new Set();

async function enrol(contender) {
  const joinToken = await ask({ ask: 'joinToken', isSecure: contender.transport === 'TLS' });
  const heard = ask({ ask: 'next', nodeId: contender.nodeId });
  const child = start(contender, joinToken);
  await heard;
  await end(child);
}

/** The first heartbeat alone on the machine; everything else beside all the others. */
async function takeRound() {
  const started = [];
  for (const contender of contenders) {
    const heard = ask({ ask: 'next', nodeId: contender.nodeId });
    const startedMs = performance.now();
    const child = start(contender);
    await heard;
    started.push({ contender, child, firstMs: performance.now() - startedMs, firstCpuMs: cpuMsOf(child.pid) });
    // Its work after that heartbeat must not slow the next start down.
    await sleep(300);
  }
  await sleep(Number(values.settle) * 1000);
  await Promise.all(started.map(measure));
  await Promise.all(started.map(({ child }) => end(child)));
}

async function measure({ contender, child, ...first }) {
  const { nodeId } = contender;
  await ask({ ask: 'next', nodeId });
  const [beforeMs, countBefore] = [cpuMsOf(child.pid), await ask({ ask: 'count', nodeId })];
  const memory = [];
  for (let count = 0; count < Number(values.heartbeats); count += 1) {
    await ask({ ask: 'next', nodeId });
    memory.push(memoryOf(child.pid));
  }
  const [afterMs, countAfter] = [cpuMsOf(child.pid), await ask({ ask: 'count', nodeId })];
  contender.rounds.push({
    anonymousMb: median(memory.map(({ anonymousMb }) => anonymousMb)),
    residentMb: median(memory.map(({ residentMb }) => residentMb)),
    cpuMs: (afterMs - beforeMs) / (countAfter - countBefore),
    ...first,
  });
}

const figures = {
  anonymousMb: 'anonymous MB',
  residentMb: 'resident MB',
  cpuMs: 'CPU ms each',
  firstMs: 'first after ms',
  firstCpuMs: 'CPU ms until then',
};

function cells(contender) {
  const { name, transport, wake } = contender;
  return [name, transport, wake, ...Object.keys(figures).map((figure) => cell(contender, figure))];
}

function cell(contender, figure) {
  const beside = contenders.find(({ name, transport }) => name === 'twin' && transport === contender.transport);
  const value = median(contender.rounds.map((round) => round[figure]));
  const ratio = median(contender.rounds.map((round, number) => round[figure] / beside.rounds[number][figure]));
  return `${value.toFixed(1)} (${ratio.toFixed(2)})`;
}

try {
  for (const contender of contenders) await enrol(contender);
  for (let round = 1; round <= Number(values.rounds); round += 1) {
    process.stderr.write(`round ${round}\n`);
    await takeRound();
  }
  const rows = [['', 'over', 'wake', ...Object.values(figures)], ...contenders.map(cells)];
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const lines = rows.map((row) =>
    row
      .map((text, column) => text.padEnd(widths[column]))
      .join('  ')
      .trimEnd(),
  );
  process.stdout.write(`Medians of ${values.rounds}, and in brackets to the twin:\n${lines.join('\n')}\n`);
} finally {
  for (const child of running) child.kill();
  running.clear();
  surroundings.disconnect();
  for (const made of [folder, runFolder]) rmSync(made, { recursive: true, force: true });
}
