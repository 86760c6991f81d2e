import { execFile } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { publishedPackages, root } from '../scripts/published-packages.mjs';

const run = promisify(execFile);
const sources = join(root, 'test/packed-types');
const programs = ['neutral.ts', 'update-lock.ts', 'node.ts', 'msw.ts', 'common-js.cts'];

/** Before the first, valibot's own types do not compile. The second is the last of its line. */
const versions = [
  { typescript: 'typescript-5.2', msw: 'no-msw' },
  { typescript: 'typescript-5.9', msw: 'msw' },
];

/** What compiles a program in CommonJS that requires a package of ES modules, and what does not. */
const commonJs = [
  { typescript: 'typescript-5.7', module: 'nodenext', compiles: false },
  { typescript: 'typescript-5.8', module: 'nodenext', compiles: true },
  { typescript: 'typescript-5.8', module: 'node16', compiles: false },
  { typescript: 'typescript-5.9', module: 'nodenext', compiles: true },
  { typescript: 'typescript-5.9', module: 'node20', compiles: true },
  { typescript: '@typescript/native', module: 'nodenext', compiles: true },
];

const TIMEOUT_MS = 300_000;

/** Packs a package as it is published, and unpacks it where a program would have it. */
async function install(cwd: string, name: string, folder: string): Promise<void> {
  const tarball = join(folder, `${name.replaceAll(/[@/]/g, '')}.tgz`);
  await run('pnpm', ['pack', '--out', tarball], { cwd });
  const target = join(folder, 'node_modules', name);
  mkdirSync(target, { recursive: true });
  await run('tar', ['-xzf', tarball, '-C', target, '--strip-components', '1']);
}

/** What the packages depend on, and what their users bring, from where the workspace has it. */
function link(name: string, from: string, folder: string): void {
  const target = join(folder, 'node_modules', name);
  if (existsSync(target)) return;
  mkdirSync(dirname(target), { recursive: true });
  symlinkSync(join(from, 'node_modules', name), target);
}

describe('the types of the packed packages', () => {
  const folder = mkdtempSync(join(tmpdir(), 'baseos-packed-types-'));

  beforeAll(async () => {
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
    for (const program of programs) copyFileSync(join(sources, program), join(folder, program));
    const packages = publishedPackages();
    await Promise.all(packages.map(({ folder: cwd, manifest }) => install(cwd, manifest.name, folder)));
    for (const { folder: cwd, manifest } of packages) {
      const foreign = Object.keys(manifest.dependencies ?? {}).filter((name) => !name.startsWith('@serve.zone/'));
      for (const name of foreign) link(name, cwd, folder);
    }
    for (const name of ['@types/node', 'msw']) link(name, root, folder);
  }, TIMEOUT_MS);

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test.for(versions)(
    'hold by $typescript with skipLibCheck off, by node and by bundler, where no Node is known and where no browser is',
    { timeout: TIMEOUT_MS },
    async ({ typescript, msw }) => {
      const check = [join(sources, 'check-types.mjs'), typescript, folder, msw];
      const { stdout } = await run(process.execPath, check, { timeout: TIMEOUT_MS });
      expect(stdout).toBe('');
    },
  );

  test.for(commonJs)(
    'of the client, required by CommonJS, compile by $typescript with `module: $module`: $compiles',
    { timeout: TIMEOUT_MS },
    async ({ typescript, module, compiles }) => {
      const tsc = join(root, 'node_modules', typescript, 'bin/tsc');
      const options = [
        '--noEmit',
        '--strict',
        '--module',
        module,
        '--target',
        'es2022',
        '--types',
        'node',
        '--skipLibCheck',
      ];
      const errors = await run(process.execPath, [tsc, ...options, join(folder, 'common-js.cts')], {
        cwd: folder,
      }).then(
        () => [],
        ({ stdout }: { stdout: string }) => [...new Set(stdout.match(/error TS\d+/g))],
      );
      expect(errors).toEqual(compiles ? [] : ['error TS1479']);
    },
  );
});
