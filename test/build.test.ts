import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { root } from '../scripts/published-packages.mjs';

const TIMEOUT_MS = 120_000;

let workspace: string;
const workspaces = mkdtempSync(join(tmpdir(), 'baseos-build-'));
afterAll(() => rmSync(workspaces, { recursive: true, force: true }));

function write(path: string, text: string): void {
  mkdirSync(dirname(join(workspace, path)), { recursive: true });
  writeFileSync(join(workspace, path), text);
}

/** Its build replaces its dist by a copy of its source. */
function writePackage(name: string, manifest: { devDependencies?: object; exports?: object } = {}): void {
  const buildScript = `node -e "fs.rmSync('dist', { recursive: true, force: true }); fs.cpSync('src/index.ts', 'dist/index.js')"`;
  write(`packages/${name}/package.json`, JSON.stringify({ name, scripts: { build: buildScript }, ...manifest }));
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
  writePackage('app', { devDependencies: { library: 'workspace:*' } });
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

describe('the declarations', () => {
  const declarations = 'packages/library/dist/index.d.ts';

  beforeEach(() => {
    writePackage('library', { exports: { '.': { types: './dist/index.d.ts' } } });
    write(
      'scripts/write-declarations.mjs',
      `import { writeFileSync } from 'node:fs';\nwriteFileSync('${declarations}', '');`,
    );
  });

  test('are written after the packages, and a second build builds nothing', { timeout: TIMEOUT_MS }, async () => {
    expect((await build()).built).toEqual(['app', 'declarations', 'library']);
    expect((await build()).output).toBe('ok   already built: 3\n');
  });

  test('are left to the build of everything', { timeout: TIMEOUT_MS }, async () => {
    expect((await build('library')).built).toEqual(['library']);
    expect((await build()).built).toEqual(['app', 'declarations']);
  });

  test.each([
    ['a change to a package that has some', 'packages/library/src/index.ts', ['app', 'declarations', 'library']],
    ['a change to the build output of one', 'packages/library/dist/index.js', ['declarations', 'library']],
    ['a change to them', declarations, ['declarations']],
    ['no change to a package that has none', 'packages/app/src/index.ts', ['app']],
  ])('are written again after %s', { timeout: TIMEOUT_MS }, async (_what, path, expected) => {
    await build();
    write(path, '// changed');
    expect((await build()).built).toEqual(expected);
  });

  test('are not written after a failed build', { timeout: TIMEOUT_MS }, async () => {
    rmSync(join(workspace, 'packages/library/src/index.ts'));
    expect(await build()).toMatchObject({ exitCode: 1, built: ['app', 'library'] });
  });
});

test('a failed build is shown in full, and is retried', { timeout: TIMEOUT_MS }, async () => {
  await build();
  rmSync(join(workspace, 'packages/app/src/index.ts'));
  const failed = { exitCode: 1, built: ['app'], output: expect.stringContaining('ENOENT') as string };
  expect(await build()).toEqual(failed);
  expect(await build()).toEqual(failed);
});
