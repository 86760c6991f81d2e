// Packs every published package and judges the tarball, which is what users install: publint for its package.json and files,
// "Are the types wrong?" for its types under every way of importing an ES module. Prints the packed sizes. Needs a build.
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { publishedPackages } from './published-packages.mjs';

const run = promisify(execFile);

const folder = mkdtempSync(join(tmpdir(), 'baseos-packed-'));

/** Imports that packages of ES modules are not made for: by old resolvers, and by CommonJS in old versions of Node. */
const notMadeFor = new Set(['node10', 'node16-cjs']);

async function problemsOfFiles(tarball) {
  const { messages, pkg } = await publint({ pack: { tarball: tarball.buffer }, level: 'warning', strict: true });
  return messages.map((message) => formatMessage(message, pkg, { color: false }));
}

async function problemsOfTypes(tarball) {
  const { types, problems } = await checkPackage(createPackageFromTarballData(tarball));
  if (!types) return ['it has no types'];
  return problems
    .filter(({ resolutionKind }) => !notMadeFor.has(resolutionKind))
    .map((problem) => `types: ${JSON.stringify(problem)}`);
}

let failed = 0;
try {
  for (const { folder: cwd, manifest } of publishedPackages()) {
    const file = join(folder, `${manifest.name.replace(/[@/]/g, '')}.tgz`);
    await run('pnpm', ['pack', '--out', file], { cwd });
    const tarball = new Uint8Array(readFileSync(file));
    const problems = [...(await problemsOfFiles(tarball)), ...(await problemsOfTypes(tarball))];
    if (problems.length > 0) failed += 1;
    const sizeKb = (tarball.length / 1000).toFixed(1);
    const lines = [`${manifest.name}  ${sizeKb} kB packed`, ...problems].join('\n');
    process.stdout.write(`${problems.length > 0 ? 'FAIL' : 'ok  '} ${lines}\n`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exitCode = failed ? 1 : 0;
