import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test } from 'vitest';
import { publishedPackages } from '../scripts/published-packages.mjs';
import { shareResource } from './shared-resources/shared-resource.js';

const run = promisify(execFile);
const TIMEOUT_MS = 300_000;

/** Every name that the packages can be imported by, as their package.json has them. */
const names = publishedPackages().flatMap(({ manifest }) =>
  Object.entries(manifest.publishConfig.exports)
    .filter(([, target]) => typeof target === 'object')
    .map(([subpath]) => manifest.name + subpath.slice(1)),
);

let project: string;
beforeAll(async () => {
  project = await shareResource('installed-packages');
}, TIMEOUT_MS);

async function evaluate(code: string, ...flags: string[]): Promise<string> {
  return (await run(process.execPath, [...flags, '--eval', code], { cwd: project })).stdout.trim();
}

describe('a package that npm installed from a registry', () => {
  test.each(names)(
    '%s can be imported by an ES module and required by CommonJS',
    { timeout: TIMEOUT_MS },
    async (name) => {
      const quoted = JSON.stringify(name);
      const imported = await evaluate(
        `console.log(Object.keys(await import(${quoted})).join())`,
        '--input-type=module',
      );
      const required = await evaluate(`console.log(Object.keys(require(${quoted})).join())`, '--input-type=commonjs');
      expect(imported).not.toBe('');
      expect(required.split(',').filter((key) => key !== '__esModule')).toEqual(imported.split(','));
    },
  );

  test.each(['baserunner', 'balena-supervisor-emulator'])('%s is a program', { timeout: TIMEOUT_MS }, async (name) => {
    const { stdout } = await run(join(project, 'node_modules/.bin', name), ['--help'], { cwd: project });
    expect(stdout).toContain(name);
  });
});

describe('a release', () => {
  const outputOf = (release: string) => readFileSync(join(project, `${release}-release.txt`), 'utf8');

  test('names the packages it has published, each after its dependencies', () => {
    const [, published = ''] = /^published=(.*)\n$/.exec(outputOf('first')) ?? [];
    const order = published.split(' ');
    expect(order.toSorted()).toEqual(
      publishedPackages()
        .map(({ manifest: { name, version } }) => `${name}@${version}`)
        .toSorted(),
    );
    const placeOf = (name: string) => order.findIndex((each) => each.startsWith(`${name}@`));
    for (const { manifest } of publishedPackages())
      for (const dependency of Object.keys(manifest.dependencies ?? {}))
        expect(placeOf(dependency)).toBeLessThan(placeOf(manifest.name));
  });

  test('publishes nothing twice, and says so, so that nothing is recorded', () => {
    expect(outputOf('second')).toBe('published=\n');
  });
});
