import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { afterAll, expect, test, vi } from 'vitest';
import { root } from '../scripts/published-packages.mjs';

const run = promisify(execFile);

const folder = mkdtempSync(join(tmpdir(), 'baseos-by-hand-'));
const children: ChildProcess[] = [];

afterAll(async () => {
  for (const child of children.filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null)) {
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  rmSync(folder, { recursive: true, force: true });
});

const tryIt = readFileSync(join(root, 'README.md'), 'utf8').split('## Try it')[1]?.split('\n## ')[0] ?? '';

/** The only line of the section that begins like this, with a separate folder in place of /tmp. */
function line(beginning: string): string {
  const found = Array.from(tryIt.matchAll(/^ {4}(.*)$/gm), ([, code = '']) => code).filter((code) =>
    code.startsWith(beginning),
  );
  if (found.length !== 1) throw new Error(`The README has ${found.length} lines that begin with ${beginning}.`);
  return (found[0] ?? '').replaceAll('/tmp/', `${folder}/`);
}

const programs = { cloudly: 'apps/cloudly-standalone/dist/cli.js', baserunner: 'apps/baserunner/dist/cli.js' };

/** What `npm run -s <program> -- <arguments>` runs once everything is built. */
function commandOf(code: string): string[] {
  const [, program = '', words = ''] = /^npm run -s (\w+) -- (.*)$/.exec(code) ?? [];
  return [join(root, programs[program as keyof typeof programs]), ...words.split(' ')];
}

/** Starts a long-running program, and waits for its output. */
async function start(code: string[], env: NodeJS.ProcessEnv, awaited: RegExp): Promise<[ChildProcess, string]> {
  const child = spawn(process.execPath, code, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  children.push(child);
  const seen: string[] = [];
  const found = new Promise<string>((resolve, reject) => {
    for (const input of [child.stdout, child.stderr]) {
      createInterface({ input }).on('line', (text) => {
        seen.push(text);
        const [match] = awaited.exec(text) ?? [];
        if (match !== undefined) resolve(match);
      });
    }
    child.once('exit', () => reject(new Error(`It ended: ${seen.join('\n')}`)));
  });
  return [child, await found];
}

test("the README's manual steps work, and a killed agent stays the same node", async () => {
  const { PATH } = process.env;
  const [, url] = await start(
    [...commandOf(line('npm run -s cloudly -- serve')), '--port', '0'],
    { PATH },
    /http:\/\/127\.0\.0\.1:\d+/,
  );
  const made = await run(process.execPath, commandOf(line('npm run -s cloudly -- join-token')), { env: { PATH } });
  const joinToken = /^BASEOS_JOIN_TOKEN=(bjt_\w+)$/m.exec(made.stdout)?.[1];
  const paths = Object.fromEntries(
    Array.from(line('export BASEOS_STATE_PATH').matchAll(/(BASEOS_\w+)=(\S+)/g), ([, name = '', value = '']) => [
      name,
      value,
    ]),
  );
  const env = { PATH, BASEOS_CLOUDLY_URL: url, BASEOS_JOIN_TOKEN: joinToken, BASEOS_START_SPREAD_MS: '0', ...paths };
  const status = async (): Promise<{ cloudly: { state: string; nodeId: string } }> => {
    const { stdout } = await run(process.execPath, commandOf('npm run -s baserunner -- status'), { env });
    return JSON.parse(stdout) as Awaited<ReturnType<typeof status>>;
  };
  const nodeIds = async (): Promise<string[]> => {
    const list = commandOf(`npm run -s cloudly -- node list --data ${folder}/cloudly`);
    const { stdout } = await run(process.execPath, [...list, '--columns', 'id'], { env: { PATH } });
    return stdout.trimEnd().split('\n').slice(1);
  };

  const [agent] = await start(commandOf(line('npm run -s baserunner -- start')), env, /registered/i);
  await vi.waitFor(async () => expect((await status()).cloudly.state).toBe('registered'), { timeout: 30_000 });
  const { nodeId } = (await status()).cloudly;
  expect(await nodeIds()).toEqual([nodeId]);

  agent.kill('SIGKILL');
  await once(agent, 'exit');
  await start(commandOf(line('npm run -s baserunner -- start')), env, /heartbeat/i);
  expect((await status()).cloudly.nodeId).toBe(nodeId);
  expect(await nodeIds()).toEqual([nodeId]);
});
