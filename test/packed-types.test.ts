import { execFile } from 'node:child_process';
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { howMany } from '@serve.zone/baseos-testing/chance/how-many';
import { beforeAll, describe, expect, test } from 'vitest';
import { root } from '../scripts/published-packages.mjs';
import { shareResource } from './shared-resources/shared-resource.js';

const run = promisify(execFile);
const sources = join(root, 'test/packed-types');
const programs = ['neutral.ts', 'update-lock.ts', 'node.ts', 'msw.ts', 'common-js.cts'];

/** Before the first, valibot's own types do not compile. The second is the last of its line. */
const versions = [
  { typescript: 'typescript-5.2', extents: ['others'] },
  { typescript: 'typescript-5.9', extents: ['bundlers', 'msw'] },
];

/** What compiles a program in CommonJS that requires a package of ES modules, and what does not; the edges first. */
const commonJs = [
  { typescript: 'typescript-5.7', module: 'nodenext', compiles: false },
  { typescript: 'typescript-5.8', module: 'nodenext', compiles: true },
  { typescript: '@typescript/native', module: 'nodenext', compiles: true },
  { typescript: 'typescript-5.8', module: 'node16', compiles: false },
  { typescript: 'typescript-5.9', module: 'nodenext', compiles: true },
  { typescript: 'typescript-5.9', module: 'node20', compiles: true },
].slice(0, howMany(3, 6));

const TIMEOUT_MS = 300_000;

describe('the types of the packages that npm has installed', () => {
  let folder: string;

  beforeAll(async () => {
    folder = join(await shareResource('installed-packages'), 'types');
    mkdirSync(folder);
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
    for (const program of programs) copyFileSync(join(sources, program), join(folder, program));
  }, TIMEOUT_MS);

  test.for(versions)(
    "are valid in $typescript with skipLibCheck off ($extents), without Node's types and without those of browsers",
    { timeout: TIMEOUT_MS },
    async ({ typescript, extents }) => {
      const check = [join(sources, 'check-types.mjs'), typescript, folder, ...extents];
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
        '--lib',
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
