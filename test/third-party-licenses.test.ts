import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { build } from 'tsup';
import { describe, expect, onTestFinished, test } from 'vitest';
import { cliBundle } from '../apps/baserunner/cli-bundle.js';
import { buildPage } from '../apps/fleet-page/src/build/build-page.js';
import { root } from '../scripts/published-packages.mjs';
import { shareResource } from './shared-resources/shared-resource.js';

/** The packages whose code is in a bundle, by the comments that tell from which file each part of it comes. */
function packagesIn(folder: string): string[] {
  const code = globSync('*.js', { cwd: folder }).map((file) => readFileSync(join(folder, file), 'utf8'));
  return packagesOf(Array.from(code.join('\n').matchAll(/^\/\/ (.+)$/gm), ([, path = '']) => path));
}

function packagesOf(paths: readonly string[]): string[] {
  const names = paths.flatMap((path) => /^.*node_modules\/((?:@[^/]+\/)?[^/]+)\/.+$/.exec(path)?.[1] ?? []);
  return [...new Set(names)].toSorted();
}

/** The packages of the page, which the program of a server contains as data. */
async function packagesOfPage(program: string): Promise<string[]> {
  return program === 'cloudly-standalone' ? packagesOf(Object.keys((await buildPage()).metafile.inputs)) : [];
}

/** The same code with those comments, which the bundle of a device is without. */
async function withComments(program: string, folder: string): Promise<string> {
  if (program !== 'baserunner') return folder;
  const outDir = mkdtempSync(join(tmpdir(), 'commented-'));
  onTestFinished(() => rmSync(outDir, { recursive: true }));
  const entry = { cli: join(root, 'apps/baserunner/src/cli.ts') };
  await build({ ...cliBundle, entry, outDir, config: false, minifyWhitespace: false });
  return outDir;
}

describe.each(['baserunner', 'cloudly-standalone'] as const)('the bundle of %s', (program) => {
  test('comes with the license of every package in it', async () => {
    const folder = dirname(await shareResource(program));
    const notices = readFileSync(join(folder, 'cli.licenses.txt'), 'utf8').split(`\n${'-'.repeat(80)}\n\n`);
    const names = notices.map((notice) => /^(\S+) \d\S* \(.+\)\n/.exec(notice)?.[1]);
    const inBundle = packagesIn(await withComments(program, folder));
    expect(names).toEqual([...new Set([...inBundle, ...(await packagesOfPage(program))])].toSorted());
    expect(names.length).toBeGreaterThan(3);
    for (const notice of notices) expect(notice).toMatch(/permission|redistribution/i);
  });
});
