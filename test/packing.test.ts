import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { afterAll, expect, test } from 'vitest';
import { publishedPackages } from '../scripts/published-packages.mjs';
import { shareResource } from './shared-resources/shared-resource.js';

const run = promisify(execFile);
const TIMEOUT_MS = 120_000;

const out = mkdtempSync(join(tmpdir(), 'baseos-packing-'));
afterAll(() => rmSync(out, { recursive: true, force: true }));

/** The environment of a terminal, without the variables of the package manager that runs the tests. */
const terminal = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('npm_')));

const packages = publishedPackages().map(({ folder, manifest }) => ({ folder, name: manifest.name }));

/** What npm does where it would pack the package. */
function packByNpm(cwd: string, env: NodeJS.ProcessEnv): Promise<unknown> {
  return run('npm', ['pack', '--pack-destination', out], { cwd, env });
}

function refusalOf(name: string): object {
  return {
    stdout: expect.not.stringContaining('.tgz') as string,
    stderr: expect.stringMatching(
      new RegExp(`^${name}: npm would pack .*Run \`npx -y pnpm@12.21.0 pack\` in this folder`, 'm'),
    ) as string,
  };
}

test.each(packages)(
  '$name is not packed by npm, and the error says what to run',
  { timeout: TIMEOUT_MS },
  async ({ folder, name }) => {
    await expect(packByNpm(folder, terminal)).rejects.toMatchObject(refusalOf(name));
  },
);

test('nor is a package packed by npm that pnpm runs', { timeout: TIMEOUT_MS }, async () => {
  const underPnpm = { ...terminal, npm_config_user_agent: 'pnpm/12.0.0 npm/? node/? linux x64' };
  const [{ folder, name } = { folder: '', name: '' }] = packages;
  await expect(packByNpm(folder, underPnpm)).rejects.toMatchObject(refusalOf(name));
});

test(
  'pnpm packs dependencies that users can resolve, and nothing that they do not need',
  { timeout: TIMEOUT_MS },
  async () => {
    const folder = await shareResource('installed-packages');
    for (const { name } of packages) {
      const text = readFileSync(join(folder, 'node_modules', name, 'package.json'), 'utf8');
      const manifest = JSON.parse(text);
      expect(manifest.name).toBe(name);
      expect(JSON.stringify(manifest.exports)).not.toContain('@serve.zone/source');
      expect(text).not.toMatch(/"(?:workspace|link|file|catalog):/);
      // They name packages that are not published, and scripts that are not packed.
      expect(manifest).not.toHaveProperty('devDependencies');
      expect(manifest).not.toHaveProperty('scripts');
    }
  },
);
