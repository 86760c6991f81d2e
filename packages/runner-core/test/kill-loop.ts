import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { build } from 'tsup';

export interface KillLoopResult {
  kills: number;
  /** Killed before it had opened its identity. */
  early: number;
  /** Killed in the middle of a write: its temporary file was still there. */
  amidWrites: number;
  /** Tokens that were said to be stored. */
  stored: number;
}

interface Opened {
  nodeId: string;
  secret: string;
  durable: boolean;
  notices: { level: string; message: string }[];
  found: number;
}

/** An agent lives so long at most after it has opened its identity. */
const LIFE_MAX_MS = 40;
/** Of so many, one is killed while it starts. */
const EARLY_ONE_OF = 4;

/**
 * Kills processes that change an identity all the time, at random moments, one after the other on the same directory, and
 * holds of each: it is the same node, its token is the last that was said to be stored or one after that, both files are
 * usable, and nothing is to be told.
 *
 * @param random from 0 up to 1
 * @throws {Error} that says after which kill what was lost
 */
export async function killLoop(
  kills: number,
  { random = Math.random, onKill }: { random?: () => number; onKill?: (result: KillLoopResult) => void } = {},
): Promise<KillLoopResult> {
  const folder = await mkdtemp(join(tmpdir(), 'baseos-kill-'));
  try {
    // Bundled: what is measured is the store and not how fast Node finds modules.
    const entry = { agent: fileURLToPath(new URL('changing-identity-process.ts', import.meta.url)) };
    const esbuildOptions = (options: { conditions?: string[] }): void => {
      options.conditions = ['@serve.zone/source', 'module'];
    };
    const outExtension = (): { js: string } => ({ js: '.mjs' });
    await build({
      entry,
      outDir: folder,
      format: 'esm',
      config: false,
      silent: true,
      noExternal: [/.*/],
      esbuildOptions,
      outExtension,
    });
    return await killEach(kills, { program: join(folder, 'agent.mjs'), folder, random, onKill });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface KillLoopParts {
  program: string;
  folder: string;
  random: () => number;
  onKill: ((result: KillLoopResult) => void) | undefined;
}

async function killEach(kills: number, { program, folder, random, onKill }: KillLoopParts): Promise<KillLoopResult> {
  const directory = join(folder, 'state');
  const statePath = join(directory, 'state.json');
  const lastStored = new Map<string, number>();
  const result: KillLoopResult = { kills: 0, early: 0, amidWrites: 0, stored: 0 };
  let node: Pick<Opened, 'nodeId' | 'secret'> | undefined;
  while (result.kills < kills) {
    const cloudly = random() < 0.5 ? 'https://one.example' : 'https://other.example';
    const isEarly = random() < 1 / EARLY_ONE_OF;
    const lifeMs = random() * LIFE_MAX_MS;
    const { opened, stored, failed } = await liveFor(lifeMs, isEarly, [program, statePath, cloudly]);
    const fail = (what: string): never => {
      throw new Error(`After ${result.kills} kills: ${what}`);
    };
    if (failed !== undefined) fail(`token ${failed} could not be stored`);
    if (opened) {
      node ??= opened;
      const last = lastStored.get(cloudly) ?? 0;
      if (opened.nodeId !== node.nodeId || opened.secret !== node.secret)
        fail(`node ${node.nodeId} was ${opened.nodeId}`);
      if (opened.found < last) fail(`token ${last} was stored, and ${opened.found} was found`);
      if (!opened.durable) fail('the identity could not be stored');
      const trouble = opened.notices.find(({ level }) => level !== 'info');
      if (trouble) fail(trouble.message);
    }
    lastStored.set(cloudly, Math.max(lastStored.get(cloudly) ?? 0, opened?.found ?? 0, stored));
    const left = await readdir(directory).catch(() => []);
    result.kills += 1;
    result.early += opened ? 0 : 1;
    result.amidWrites += left.some((name) => name.endsWith('.tmp')) ? 1 : 0;
    result.stored += opened ? Math.max(0, stored - opened.found) : 0;
    onKill?.(result);
  }
  return result;
}

/** The output of a process before it was killed. */
async function liveFor(lifeMs: number, isEarly: boolean, argv: readonly string[]) {
  const child = spawn(process.execPath, argv, { stdio: ['ignore', 'pipe', 'inherit'] });
  const closed = once(child, 'close');
  const life: { opened?: Opened; stored: number; failed?: number } = { stored: 0 };
  const kill = (): void => void setTimeout(() => child.kill('SIGKILL'), lifeMs);
  if (isEarly) kill();
  createInterface(child.stdout).on('line', (line) => {
    // A kill may have cut the last one.
    if (!line.endsWith('}')) return;
    const told = JSON.parse(line) as Partial<Opened> & { stored?: number; failed?: number };
    if (told.nodeId !== undefined) {
      life.opened = told as Opened;
      if (!isEarly) kill();
    }
    if (told.stored !== undefined) life.stored = told.stored;
    if (told.failed !== undefined) life.failed = told.failed;
  });
  const [, signal] = (await closed) as [number | null, string | null];
  if (signal !== 'SIGKILL') throw new Error('The process ended by itself.');
  return life;
}
