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

async function expectRefused({ folder, name }: (typeof packages)[number], env: NodeJS.ProcessEnv): Promise<void> {
  const packing = run('npm', ['pack', '--pack-destination', out], { cwd: folder, env });
  await expect(packing).rejects.toMatchObject({
    stdout: expect.not.stringContaining('.tgz'),
    stderr: expect.stringMatching(
      new RegExp(`^${name}: npm would pack .*Run \`npx -y pnpm@12.21.0 pack\` in this folder`, 'm'),
    ),
  });
}

test.each(packages)('$name is not packed by npm, and the error says what to run', { timeout: TIMEOUT_MS }, (each) =>
  expectRefused(each, terminal),
);

test('nor is a package packed by npm that pnpm runs', { timeout: TIMEOUT_MS }, async () => {
  const underPnpm = { ...terminal, npm_config_user_agent: 'pnpm/12.0.0 npm/? node/? linux x64' };
  for (const each of packages.slice(0, 1)) await expectRefused(each, underPnpm);
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
