// How long the gate's lock is not there when it should be, on a device as slow as wanted: after the agent's start, around a restart,
// and after an update. The agent runs as its image starts it (its entry, its flags) against an emulated Supervisor with real lock
// files. It is slowed down by stopping it (SIGSTOP) for a part of each tenth of a second; the Supervisor and Cloudly are not, so a
// slow device is better off than this. Prints medians. Linux only, as root: the Supervisor's locks are files of another user.
//
//   npx -y pnpm@12.21.0 run bench:gate-lock [--percent 100,10] [--rounds 5]
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { lstatSync, mkdirSync, mkdtempSync, readFileSync, rmSync, watch } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { createSupervisor } from '@serve.zone/balena-supervisor-emulator';
import { queueCommand } from '@serve.zone/baseos-cloudly-handlers';
import { startStandaloneCloudly } from '@serve.zone/baseos-cloudly-standalone';
import { median } from './statistics.mjs';

const { values } = parseArgs({
  options: { percent: { type: 'string', default: '100,10' }, rounds: { type: 'string', default: '5' } },
});
if (process.getuid?.() !== 0) throw new Error('Run it as root: the locks of the Supervisor are files of another user.');
const rounds = Number(values.rounds);
const appId = 1_234_567;
const supervisorUid = 65_534;
const app = fileURLToPath(new URL('../apps/baserunner', import.meta.url));

for (const percent of values.percent.split(',').map(Number)) {
  const measured = [];
  for (let round = 0; round < rounds; round += 1) measured.push(await measure(percent));
  const medians = Object.keys(measured[0]).map(
    (name) => `${name} ${Math.round(median(measured.map((each) => each[name])))} ms`,
  );
  process.stdout.write(`at ${percent} % of the speed: ${medians.join(', ')}\n`);
}

async function measure(percent) {
  const folder = mkdtempSync(join(tmpdir(), 'baseos-bench-'));
  const device = await openDevice(folder);
  try {
    const agent = device.start(percent);
    const fromStart = await device.until('ours');
    const [{ nodeId }] = await device.heartbeat();
    const restart = await device.order(nodeId, { kind: 'restart-service', service: 'main' });
    await device.until('none');
    const aroundRestart = await device.until('ours');
    await restart.ended();

    device.supervisor.releaseAvailable({ commit: 'new' });
    device.supervisor.pollCloud();
    await device.supervisor.until(({ apps }) => apps[0].update?.stage === 'blocked');
    const update = await device.order(nodeId, { kind: 'update', soakMs: 0 });
    await device.until('none');
    const beforeUpdate = await device.until('supervisor');
    await device.until('none');
    const afterUpdate = await device.until('ours');
    await update.ended();
    await agent.end();
    return {
      'from the start to the lock': fromStart,
      'around a restart': aroundRestart,
      'from the opening to the installation': beforeUpdate,
      'from the end of the installation to the lock': afterUpdate,
    };
  } finally {
    await device.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** An emulated device, its Cloudly, and the lock of the agent's service. */
async function openDevice(folder) {
  const lockFiles = join(folder, 'locks');
  mkdirSync(lockFiles);
  const services = ['main', 'baserunner'];
  const apps = [{ appId, commit: 'old', services }];
  const supervisor = createSupervisor({ apps, lockFiles, downloadDurationMs: 300, relay: false });
  const listening = await supervisor.listen();
  const heard = Promise.withResolvers();
  const cloudly = await startStandaloneCloudly({
    port: 0,
    databasePath: join(folder, 'fleet.sqlite'),
    onHandled: (event) => event.kind === 'heartbeat-received' && heard.resolve([event]),
  });
  const { joinToken } = await cloudly.createJoinToken();
  const lockPath = join(supervisor.lockFolder({ serviceName: 'baserunner' }), 'updates.lock');
  const holder = () => {
    const stats = lstatSync(lockPath, { throwIfNoEntry: false });
    return stats === undefined ? 'none' : stats.uid === supervisorUid ? 'supervisor' : 'ours';
  };
  const watcher = watch(dirname(lockPath));
  let agent;
  /** Since the last wait ended, or the agent was started. */
  let sinceMs = 0;
  return {
    supervisor,
    start(percent) {
      const entry = readFileSync(join(app, 'container/baserunner'), 'utf8').replaceAll(
        '/opt/baserunner/',
        `${join(app, 'dist')}/`,
      );
      sinceMs = performance.now();
      agent = spawn('/bin/sh', ['-c', entry, 'baserunner', 'start'], {
        stdio: 'ignore',
        env: {
          PATH: `${dirname(process.execPath)}:${process.env.PATH}`,
          BASEOS_CLOUDLY_URL: cloudly.url,
          BASEOS_JOIN_TOKEN: joinToken,
          BASEOS_STATE_PATH: join(folder, 'state', 'state.json'),
          BASEOS_RUN_PATH: join(folder, 'run'),
          BASEOS_HEARTBEAT_INTERVAL_MS: '1000',
          BASEOS_START_SPREAD_MS: '0',
          BASEOS_UPDATES: 'gated',
          BALENA_SUPERVISOR_ADDRESS: listening.address,
          BALENA_SUPERVISOR_API_KEY: supervisor.apiKeyOf({ serviceName: 'baserunner' }),
          BALENA_APP_ID: String(appId),
          BALENA_SERVICE_NAME: 'baserunner',
          BALENA_APP_LOCK_PATH: lockPath,
        },
      });
      const brake = slowDown(agent.pid, percent);
      const end = async () => {
        if (agent.exitCode !== null || agent.signalCode !== null) return;
        await brake?.terminate();
        agent.kill('SIGKILL');
        await once(agent, 'exit');
      };
      this.close = async () => {
        await end();
        watcher.close();
        await listening.close();
        await cloudly.close();
      };
      return { end };
    },
    /** Resolves once the lock is as asked for, with the milliseconds since the last such moment. */
    async until(expected) {
      while (holder() !== expected) await once(watcher, 'change');
      const nowMs = performance.now();
      const lastedMs = nowMs - sinceMs;
      sinceMs = nowMs;
      return lastedMs;
    },
    heartbeat: () => heard.promise,
    async order(nodeId, order) {
      const { command } = await queueCommand(cloudly.store, nodeId, order);
      const ended = async () => {
        for (;;) {
          const { result } = await cloudly.store.findCommand(nodeId, command.id);
          if (result?.outcome === 'succeeded') return;
          if (result) throw new Error(JSON.stringify(result));
          await new Promise((resolve) => setTimeout(resolve, 50));
        }
      };
      return { ended };
    },
    close: async () => undefined,
  };
}

/** Lets a process run for a part of each tenth of a second only. */
function slowDown(pid, percent) {
  if (percent >= 100) return undefined;
  const program = `
    const { workerData: { pid, percent } } = require('node:worker_threads');
    const never = new Int32Array(new SharedArrayBuffer(4));
    for (;;) {
      try {
        process.kill(pid, 'SIGSTOP');
        Atomics.wait(never, 0, 0, 100 - percent);
        process.kill(pid, 'SIGCONT');
        Atomics.wait(never, 0, 0, percent);
      } catch {
        break;
      }
    }`;
  return new Worker(program, { eval: true, workerData: { pid, percent } });
}
