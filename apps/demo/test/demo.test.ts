import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp } from 'node:fs/promises';
import { copyFileSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { openSqliteStore } from '@serve.zone/baseos-cloudly-handlers/sqlite';
import { Program } from '@serve.zone/baseos-testing/processes/program';
import { build } from 'tsup';
import { afterAll, beforeAll, describe, expect, onTestFailed, onTestFinished, test } from 'vitest';
import { shareResource } from '../../../test/shared-resources/shared-resource.js';
import { demoBundle } from '../tsup.config.js';

// The demo and the package of BaseRunner as they are installed, made from the sources as they are now.
const installation = mkdtempSync(join(tmpdir(), 'demo-installation-'));

function sourceOf(name: string): string {
  return join(import.meta.dirname, '../src', `${name}.ts`);
}

beforeAll(async () => {
  const baseRunner = join(installation, 'node_modules/@serve.zone/baseos');
  await Promise.all([
    build({
      ...demoBundle,
      config: false,
      entry: Object.fromEntries(
        ['demo', 'program', 'ending/end-with-parent', 'run-demo'].map((name) => [basename(name), sourceOf(name)]),
      ),
      outDir: installation,
    }),
    shareResource('baserunner').then((path) => cp(dirname(path), join(baseRunner, 'dist'), { recursive: true })),
  ]);
  const manifest = { type: 'module', scripts: { start: 'node demo.js' } };
  writeFileSync(join(installation, 'package.json'), JSON.stringify(manifest));
  copyFileSync(join(import.meta.dirname, '../../baserunner/package.json'), join(baseRunner, 'package.json'));
}, 180_000);
afterAll(() => rmSync(installation, { recursive: true, force: true }));

/** By its own program, or as the script `start` of a package. Ends with the test. */
function startDemo({
  by = 'node',
  nodeFlags = [],
  program = 'demo.js',
  argv = [],
}: { by?: 'node' | 'npm'; nodeFlags?: string[]; program?: string; argv?: string[] } = {}): Demo {
  const temporaryFolder = mkdtempSync(join(tmpdir(), 'demo-test-'));
  // What is meant for another BaseRunner is not for the demo's.
  const others = { BASEOS_NODE_ID: 'someone else', BALENA_SUPERVISOR_ADDRESS: 'x' };
  const env = { ...process.env, TMPDIR: temporaryFolder, ...others };
  const demo =
    by === 'node'
      ? new Program([...nodeFlags, program, ...argv], { cwd: installation, env })
      : new Program(['start', '--', ...argv], { cwd: installation, env, by: 'npm' });
  onTestFailed(() => void process.stderr.write(demo.output));
  onTestFinished(async () => {
    await demo.end('SIGKILL');
    rmSync(temporaryFolder, { recursive: true, force: true });
  });
  return Object.assign(demo, { temporaryFolder });
}

/** With the folder where it keeps its files. */
type Demo = Program & { temporaryFolder: string };

async function processOfBaseRunner(demo: Demo): Promise<number> {
  const [, pid] = await demo.says(/as process (\d+)/);
  return Number(pid);
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** The end of a process that is no child of ours cannot be awaited, only looked for. */
const aWhile = { timeout: 10_000 };

describe('with a number of heartbeats', () => {
  test('ends with 0 after that many, having shown every step, and leaves nothing behind', async () => {
    const demo = startDemo({ argv: ['--heartbeats', '2'] });
    const pid = await processOfBaseRunner(demo);
    expect(await demo.exited).toEqual({ code: 0, signal: null });

    const stations = [
      /Cloudly +Created join token \w+/,
      /Cloudly +A device asked to register with the join token: \S+ \S+ on .+, its Supervisor runs app myfleet at release/,
      /Cloudly +Stored it as node \S+/,
      /BaseRunner +Registered with Cloudly/,
      /Cloudly +Heartbeat 1 of the node: .* Stored and acknowledged it\./,
      /BaseRunner +Cloudly acknowledged the first heartbeat/,
      /Cloudly +Heartbeat 2 of the node: .*/,
      /BaseRunner +Cloudly acknowledged heartbeat 2/,
    ];
    const places = stations.map((station) => demo.output.search(station));
    expect(places).not.toContain(-1);
    expect(demo.output).toMatch(/Supervisor +Received requests with its key: .*GET \/v1\/device/);
    expect(demo.output).not.toMatch(/bjt_|bnt_|\[\d+m/);

    expect(isRunning(pid)).toBe(false);
    expect(readdirSync(demo.temporaryFolder)).toEqual([]);
  });

  test('ends with 1 when BaseRunner has stopped, and says so', async () => {
    const demo = startDemo({ argv: ['--heartbeats', '1000'] });
    const pid = await processOfBaseRunner(demo);
    process.kill(pid, 'SIGKILL');
    expect(await demo.exited).toEqual({ code: 1, signal: null });
    expect(demo.output).toContain('The demo failed: BaseRunner has stopped: it was ended by SIGKILL.');
    expect(readdirSync(demo.temporaryFolder)).toEqual([]);
  });

  test('ends with 1 if a heartbeat does not arrive in time, says what was missing, and still stops BaseRunner', async () => {
    const demo = startDemo({ argv: ['--heartbeats', '1000', '--patience', '1'] });
    const pid = await processOfBaseRunner(demo);
    process.kill(pid, 'SIGSTOP');
    expect(await demo.exited).toEqual({ code: 1, signal: null });
    expect(demo.output).toMatch(/The demo failed: .* within 1 s; \d of 1000 heartbeats were acknowledged\./);
    await expect.poll(() => isRunning(pid), aWhile).toBe(false);
  });
});

test('with several devices, invites to a rollout once all have come, and ends all of them', async () => {
  const demo = startDemo({ argv: ['--devices', '3'] });
  const [, databasePath] = await demo.says(/There are 3 devices\.[^]*rollout start 'First try' --watch --data (\S+)/);
  const store = openSqliteStore(databasePath ?? '');
  const nodes = await store.listNodes({ limit: 10 });
  store.close();
  expect(nodes.map(({ node }) => node.nodeId)).toEqual(expect.arrayContaining(['device-2', 'device-3']));
  expect(nodes).toHaveLength(3);
  expect(await demo.end('SIGINT')).toEqual({ code: 0, signal: null });
  expect(readdirSync(demo.temporaryFolder)).toEqual([]);
});

describe.each(['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const)('%s', (signal) => {
  test('ends the demo with 0 and leaves neither processes nor files', async () => {
    const demo = startDemo();
    const pid = await processOfBaseRunner(demo);
    await demo.says(/acknowledged the first heartbeat/);
    demo.signal(signal);
    expect(await demo.exited).toEqual({ code: 0, signal: null });
    expect(isRunning(pid)).toBe(false);
    expect(readdirSync(demo.temporaryFolder)).toEqual([]);
  });
});

test('stops BaseRunner even if it is killed with -9', async () => {
  const demo = startDemo();
  const pid = await processOfBaseRunner(demo);
  await demo.says(/acknowledged the first heartbeat/);
  demo.signal('SIGKILL');
  await expect.poll(() => isRunning(pid), aWhile).toBe(false);
});

test.runIf(process.platform === 'linux')('ends when the npm that started it is killed without notice', async () => {
  const demo = startDemo({ by: 'npm' });
  const pid = await processOfBaseRunner(demo);
  await demo.says(/acknowledged the first heartbeat/);
  demo.signal('SIGTERM');
  await expect.poll(() => isRunning(pid), aWhile).toBe(false);
  await demo.exited;
  // npm itself leaves a cache there.
  expect(readdirSync(demo.temporaryFolder).filter((name) => name.startsWith('baseos'))).toEqual([]);
});

test('updates the device at a command of its Cloudly, and shows it to the end', async () => {
  const demo = startDemo();
  const [, , after] = await demo.says(/The update succeeded: the device ran release (\w{7}) and now runs (\w{7})/);
  const begins = /BaseRunner +Cloudly's command "update" begins\./;
  const isSent = /Cloudly +.* the command \S+ \(update\)/;
  const hasSucceeded = /BaseRunner +Cloudly's command "update" succeeded\./;
  // The agent says that it begins once the Supervisor has agreed, while that says what it does.
  const told = [isSent, begins, hasSucceeded];
  const shown = [
    /An operator commands the update:\n +cloudly node command \S+ update\n/,
    isSent,
    new RegExp(`Supervisor +Updates app myfleet to release ${after}`),
    new RegExp(`Supervisor +Runs app myfleet at release ${after}\\.`),
    hasSucceeded,
    /Cloudly +Node \S+ finished the command \S+ \(update\): succeeded/,
  ];
  for (const stations of [told, shown]) {
    const places = stations.map((station) => demo.output.search(station));
    expect(places).not.toContain(-1);
    expect(places).toEqual(places.toSorted((one, other) => one - other));
  }
});

test('accepts an update requested by hand, with the lines it shows', async () => {
  const demo = startDemo();
  const [, script = ''] = await demo.says(/^ +\. (\S+device\.sh)$/m);
  expect(existsSync(script)).toBe(true);
  const shell = spawn('sh', ['-c', `. ${script} && baserunner request-update && baserunner status`], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let result = '';
  shell.stdout.setEncoding('utf8').on('data', (text: string) => (result += text));
  expect(await once(shell, 'close')).toEqual([0, null]);
  expect(result).toContain('"requested": true');
  expect(result).toContain('"state": "registered"');
  await demo.says(/Supervisor +Received requests.*POST \/v1\/update/);
  await demo.says(/Supervisor +Updates app myfleet to release/);
});

test('does not suggest an update once it stops', async () => {
  // Ctrl-C at the worst moment, which no signal from outside would hit: with the line before the invitation.
  writeFileSync(
    join(installation, 'stop-at-second-heartbeat.js'),
    `import { runDemo } from './run-demo.js';
    const ending = new AbortController();
    const write = (text) => {
      process.stdout.write(text);
      if (/Cloudly acknowledged heartbeat 2/.test(text)) ending.abort();
    };
    await runDemo({ heartbeats: undefined, patienceMs: 60_000, stream: { write }, signal: ending.signal });`,
  );
  const demo = startDemo({ program: 'stop-at-second-heartbeat.js' });
  expect(await demo.exited).toEqual({ code: 0, signal: null });
  expect(demo.output).toContain('Stopping everything.');
  expect(demo.output).not.toMatch(/new release|another release/i);
  expect(readdirSync(demo.temporaryFolder)).toEqual([]);
});

test('a Node that is too old gets a sentence that says what to do, and exit code 1', async () => {
  const demo = startDemo({ nodeFlags: ['--no-experimental-sqlite'] });
  expect(await demo.exited).toEqual({ code: 1, signal: null });
  expect(demo.output).toMatch(/^The demo needs Node 22\.13 .*`npm start`.*\.\n$/);
});

test('an unknown flag ends with 2 before anything is started', async () => {
  const demo = startDemo({ argv: ['--heartbeat', '3'] });
  expect(await demo.exited).toEqual({ code: 2, signal: null });
  expect(demo.output).toContain("Unknown option '--heartbeat'");
  expect(readdirSync(demo.temporaryFolder)).toEqual([]);
});
