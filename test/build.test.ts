import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeEach, expect, test, vi } from 'vitest';
import { root } from '../scripts/published-packages.mjs';

const TIMEOUT_MS = 120_000;

let workspace: string;
const workspaces = mkdtempSync(join(tmpdir(), 'baseos-build-'));
afterAll(() => rmSync(workspaces, { recursive: true, force: true }));

function write(path: string, text: string): void {
  mkdirSync(dirname(join(workspace, path)), { recursive: true });
  writeFileSync(join(workspace, path), text);
}

/** Its build copies its source into its dist. */
function writePackage(name: string, devDependencies: Record<string, string> = {}): void {
  const buildScript = `node -e "fs.cpSync('src/index.ts', 'dist/index.js')"`;
  write(`packages/${name}/package.json`, JSON.stringify({ name, scripts: { build: buildScript }, devDependencies }));
  write(`packages/${name}/src/index.ts`, `// ${name}`);
}

afterEach(() => vi.unstubAllEnvs());

/** A repository of two packages, of which `app` is made from `library`, too. */
beforeEach(() => {
  workspace = mkdtempSync(join(workspaces, 'repository-'));
  cpSync(join(root, 'scripts'), join(workspace, 'scripts'), { recursive: true });
  write('package.json', '{ "type": "module" }');
  write('pnpm-workspace.yaml', 'packages: [packages/*]\nverifyDepsBeforeRun: false\npmOnFail: ignore\n');
  mkdirSync(join(workspace, 'apps'));
  writePackage('library');
  writePackage('app', { library: 'workspace:*' });
});

interface Build {
  exitCode: number;
  /** The packages that were built, in the order of their names. */
  built: string[];
  output: string;
}

async function build(...names: string[]): Promise<Build> {
  const { exitCode, output } = await promisify(execFile)(process.execPath, ['scripts/build.mjs', ...names], {
    cwd: workspace,
  }).then(
    ({ stdout }) => ({ exitCode: 0, output: stdout }),
    (error: { code: number; stdout: string; stderr: string }) => ({
      exitCode: error.code,
      output: error.stdout + error.stderr,
    }),
  );
  const built = Array.from(output.matchAll(/^(?:ok {2}|FAIL) build (\S+)/gm), ([, name = '']) => name);
  return { exitCode, built: built.toSorted(), output };
}

test('a second build builds nothing', { timeout: TIMEOUT_MS }, async () => {
  expect(await build()).toMatchObject({ exitCode: 0, built: ['app', 'library'] });
  expect(readFileSync(join(workspace, 'packages/app/dist/index.js'), 'utf8')).toBe('// app');
  expect(await build()).toEqual({ exitCode: 0, built: [], output: 'ok   already built: 2\n' });
});

test('a package is built alone on request', { timeout: TIMEOUT_MS }, async () => {
  expect((await build('app')).built).toEqual(['app']);
  expect((await build()).built).toEqual(['library']);
});

test('a name that no package has is rejected', { timeout: TIMEOUT_MS }, async () => {
  expect(await build('ap')).toMatchObject({
    exitCode: 1,
    built: [],
    output: expect.stringContaining('There is no package ap') as string,
  });
});

test.each([
  ['to a package builds only that package', 'packages/app/src/index.ts', ['app']],
  ['to a package rebuilds its dependents too', 'packages/library/src/index.ts', ['app', 'library']],
  ['to the TypeScript project builds everything', 'tsconfig.json', ['app', 'library']],
  ['to the locked versions builds everything', 'pnpm-lock.yaml', ['app', 'library']],
  ['to a test builds nothing', 'packages/library/src/index.test.ts', []],
  ['to build output builds it again', 'packages/library/dist/index.js', ['library']],
])('a change %s', { timeout: TIMEOUT_MS }, async (_what, path, expected) => {
  await build();
  write(path, '// changed');
  expect((await build()).built).toEqual(expected);
});

test.each(['BASEOS_COMMIT', 'SOURCE_DATE_EPOCH'])(
  'a program that reports its commit and date is rebuilt for another %s',
  { timeout: TIMEOUT_MS },
  async (name) => {
    write('packages/app/build-define.ts', '// reads the environment');
    await build();
    vi.stubEnv(name, '1700000000');
    expect((await build()).built).toEqual(['app']);
    expect((await build()).built).toEqual([]);
  },
);

test('deleted output is built again', { timeout: TIMEOUT_MS }, async () => {
  await build();
  rmSync(join(workspace, 'packages/app/dist'), { recursive: true });
  expect((await build()).built).toEqual(['app']);
});

test('a failed build is shown in full, and is retried', { timeout: TIMEOUT_MS }, async () => {
  await build();
  rmSync(join(workspace, 'packages/app/src/index.ts'));
  const failed = { exitCode: 1, built: ['app'], output: expect.stringContaining('ENOENT') as string };
  expect(await build()).toEqual(failed);
  expect(await build()).toEqual(failed);
});
