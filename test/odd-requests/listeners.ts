import { mkdirSync, mkdtempSync, readdirSync, rmSync, watch, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'tsup';
import { makeCertificate } from '@serve.zone/baseos-testing/network/certificate';
import { examplePrograms, startProgram } from '../../examples/cloudly-handlers/test/example-program.js';
import { startLockProcess } from '../../packages/supervisor-client/test/lock-process.js';
import { cliBundle as emulatorBundle } from '../../packages/supervisor-emulator/tsup.config.js';
import { root } from '../../scripts/published-packages.mjs';
import { shareResource } from '../shared-resources/shared-resource.js';
import type { Program } from '@serve.zone/baseos-testing/processes/program';
import { freePort } from '@serve.zone/baseos-testing/network/free-port';
import { startLimited } from './start-limited.js';
import type { Place } from './send-odd-request.js';

/** A listener of ours, as its users have it. */
export interface Listener {
  name: string;
  /** Starts what listens. */
  open(): Promise<OpenListener>;
}

export interface OpenListener {
  place: Place;
  /** A path that it answers, and with which statuses; absent where it does not speak HTTP. */
  good?: GoodRequest;
  /** What its process wrote, as far as that can be seen. */
  output(): string;
  close(): Promise<unknown>;
}

export interface GoodRequest {
  path: string;
  statuses: readonly number[];
}

/** The programs, made from the sources as they are now. */
export class Programs {
  readonly folder = mkdtempSync(join(tmpdir(), 'odd-'));
  readonly #paths = { agent: '', cloudly: '', emulator: join(this.folder, 'emulator.js') };
  #count = 0;

  async build(): Promise<void> {
    writeFileSync(join(this.folder, 'package.json'), '{ "type": "module" }');
    const source = (path: string): string => join(root, path);
    const shared = { config: false, silent: true } as const;
    await Promise.all([
      shareResource('baserunner').then((path) => (this.#paths.agent = path)),
      shareResource('cloudly-standalone').then((path) => (this.#paths.cloudly = path)),
      build({
        ...emulatorBundle,
        ...shared,
        entry: { emulator: source('packages/supervisor-emulator/src/command/cli.ts') },
        outDir: this.folder,
      }),
    ]);
  }

  path(name: 'agent' | 'cloudly' | 'emulator'): string {
    return this.#paths[name];
  }

  /** Which nothing else uses. */
  newFolder(): string {
    const folder = join(this.folder, String((this.#count += 1)));
    mkdirSync(folder, { mode: 0o700 });
    return folder;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** All that the repository ships or shows; what the demo listens with is here, too. */
export function listeners(programs: Programs, { withTls }: { withTls: boolean }): readonly Listener[] {
  return [
    {
      name: "the agent's metrics, on a port",
      open: async () => {
        const port = await freePort();
        return openMetrics(programs, `127.0.0.1:${port}`, { kind: 'tcp', port });
      },
    },
    {
      name: "the agent's metrics, on a unix socket",
      open: async () => {
        const path = join(programs.newFolder(), 'metrics');
        return openMetrics(programs, `unix:${path}`, { kind: 'socket', path });
      },
    },
    { name: "the agent's lock of its directory", open: () => openDirectoryLock(programs) },
    { name: 'the lock of an update', open: () => openUpdateLock(programs) },
    {
      name: 'a stand-alone Cloudly, for nodes',
      open: () =>
        openCloudly(programs, { said: /Cloudly listens at \S+:(\d+)/, good: { path: '/readyz', statuses: [200] } }),
    },
    {
      name: 'a stand-alone Cloudly, for those who watch',
      open: () =>
        openCloudly(programs, { said: /127\.0\.0\.1:(\d+)\/metrics/, good: { path: '/metrics', statuses: [200] } }),
    },
    ...(withTls ? ([false, true] as const) : []).map((isSecure): Listener => ({
      name: `a stand-alone Cloudly with TLS, ${isSecure ? 'within it' : 'to those who do not speak it'}`,
      open: () =>
        openCloudly(programs, {
          said: /Cloudly listens at \S+:(\d+)/,
          good: { path: '/readyz', statuses: [200] },
          isSecure,
          withTls,
        }),
    })),
    { name: 'the emulated Supervisor', open: () => openEmulator(programs) },
    ...examplePrograms
      .filter(({ runtime }) => runtime === 'node')
      .map((program): Listener => ({
        name: `the handlers, mounted by ${program.name}`,
        open: async () => {
          const { origin, stop } = await startProgram(program);
          const place: Place = { kind: 'tcp', port: Number(origin.split(':')[2]) };
          const path = `${program.mountPath}/baseos/v1/nodes/register`;
          // Whoever asks so much in vain is told to wait.
          return { place, good: { path, statuses: [405, 429] }, output: () => '', close: stop };
        },
      })),
  ];
}

async function openMetrics(programs: Programs, listen: string, place: Place): Promise<OpenListener> {
  const agent = startAgent(programs, { BASEOS_METRICS_LISTEN: listen });
  await agent.says(/metrics/i);
  return { ...closing(agent), place, good: { path: '/metrics', statuses: [200] } };
}

async function openDirectoryLock(programs: Programs): Promise<OpenListener> {
  const folder = programs.newFolder();
  const watcher = watch(folder);
  const agent = startAgent(programs, { BASEOS_STATE_PATH: join(folder, 'state.json') });
  for (;;) {
    const found = readdirSync(folder).find((name) => name.startsWith('.lock-'));
    if (found !== undefined) {
      watcher.close();
      return { ...closing(agent), place: { kind: 'socket', path: join(folder, found) } };
    }
    await new Promise((resolve) => void watcher.once('change', resolve));
  }
}

export function startAgent(programs: Programs, env: Record<string, string>): Program {
  const folder = programs.newFolder();
  return startLimited([programs.path('agent'), 'start'], {
    BASEOS_CLOUDLY_URL: 'http://127.0.0.1:9',
    BASEOS_STATE_PATH: join(folder, 'state.json'),
    BASEOS_RUN_PATH: folder,
    BASEOS_LOG_LEVEL: 'debug',
    ...env,
  });
}

async function openUpdateLock(programs: Programs): Promise<OpenListener> {
  const folder = programs.newFolder();
  const holder = await startLockProcess();
  await holder.acquire({ path: join(folder, 'updates.lock') });
  const name = readdirSync(folder).find((found) => found !== 'updates.lock') ?? '';
  return {
    place: { kind: 'socket', path: join(folder, name) },
    output: () => '',
    close: () => holder[Symbol.asyncDispose](),
  };
}

async function openCloudly(
  programs: Programs,
  options: { said: RegExp; good: GoodRequest; isSecure?: boolean; withTls?: boolean },
): Promise<OpenListener> {
  const folder = programs.newFolder();
  const { certPath, keyPath } = options.withTls ? makeCertificate(folder) : { certPath: '', keyPath: '' };
  const cloudly = startLimited([
    programs.path('cloudly'),
    'serve',
    '--port=0',
    '--metrics-port=0',
    `--data=${join(folder, 'fleet.sqlite')}`,
    ...(options.withTls ? ['--tls-cert', certPath, '--tls-key', keyPath] : []),
  ]);
  const [, port] = await cloudly.says(options.said);
  return {
    ...closing(cloudly),
    place: { kind: 'tcp', port: Number(port), isSecure: options.isSecure },
    good: options.good,
  };
}

async function openEmulator(programs: Programs): Promise<OpenListener> {
  const emulator = startLimited([programs.path('emulator'), '--port', '0']);
  const [, port] = await emulator.says(/answers at http:\/\/127\.0\.0\.1:(\d+)/);
  return { ...closing(emulator), place: { kind: 'tcp', port: Number(port) }, good: { path: '/ping', statuses: [200] } };
}

function closing(program: Program): Pick<OpenListener, 'output' | 'close'> {
  return { output: () => program.output, close: () => program.end('SIGKILL') };
}
