import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { afterAll, describe, expect, test } from 'vitest';
import { publishedPackages } from '../scripts/published-packages.mjs';

const run = promisify(execFile);
const TIMEOUT_MS = 120_000;

const out = mkdtempSync(join(tmpdir(), 'baseos-packing-'));
afterAll(() => rmSync(out, { recursive: true, force: true }));

/** The environment of a terminal, without the variables of the package manager that runs the tests. */
const terminal = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('npm_')));

describe.each(publishedPackages().map(({ folder, manifest }) => ({ folder, name: manifest.name })))(
  '$name',
  ({ folder, name }) => {
    const tarball = join(out, `${name.replaceAll(/\W/g, '-')}.tgz`);

    test.each([
      ['in a terminal', terminal],
      ['under pnpm', { ...terminal, npm_config_user_agent: 'pnpm/12.0.0 npm/? node/? linux x64' }],
    ])('is not packed by npm %s, and the error says what to run', { timeout: TIMEOUT_MS }, async (_where, env) => {
      const packing = run('npm', ['pack', '--pack-destination', out], { cwd: folder, env });
      await expect(packing).rejects.toMatchObject({
        stdout: expect.not.stringContaining('.tgz'),
        stderr: expect.stringMatching(
          new RegExp(`^${name}: npm would pack .*Run \`npx -y pnpm@12.21.0 pack\` in this folder`, 'm'),
        ),
      });
    });

    test('is packed by pnpm, with dependencies that users can resolve', { timeout: TIMEOUT_MS }, async () => {
      await run('pnpm', ['pack', '--out', tarball], { cwd: folder });
      expect(existsSync(tarball)).toBe(true);
      const { stdout } = await run('tar', ['-xzOf', tarball, 'package/package.json']);
      const manifest = JSON.parse(stdout);
      expect(JSON.stringify(manifest.exports)).not.toContain('@serve.zone/source');
      expect(stdout).not.toMatch(/"(?:workspace|link|file|catalog):/);
      // They name packages that are not published, and scripts that are not packed.
      expect(manifest).not.toHaveProperty('devDependencies');
      expect(manifest).not.toHaveProperty('scripts');
    });
  },
);
