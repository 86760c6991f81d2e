import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { workspacePackages } from '../scripts/published-packages.mjs';

const scope = '@serve.zone/';

/** What each package may build on. An arrow that is not here would turn the architecture round. */
const mayDependOn: Record<string, string[]> = {
  'baseos-contracts': [],
  'balena-supervisor-client': [],
  'balena-supervisor-emulator': [],
  'baseos-cloudly-connector': ['baseos-contracts'],
  'baseos-cloudly-handlers': [
    'baseos-contracts',
    // For the nearest name alone.
    'baseos-command-line',
  ],
  'baseos-fleet-api': ['baseos-contracts', 'baseos-cloudly-handlers'],
  'baseos-runner-core': [
    'baseos-contracts',
    'balena-supervisor-client',
    'baseos-cloudly-connector',
    // For the nearest name alone.
    'baseos-command-line',
  ],
  'baseos-command-line': [],
  'baseos-testing': ['baseos-contracts'],
  'baseos-supervisor-captures': ['balena-supervisor-client', 'balena-supervisor-emulator', 'baseos-command-line'],
  baseos: [
    'baseos-contracts',
    'balena-supervisor-client',
    'baseos-cloudly-connector',
    'baseos-runner-core',
    'baseos-command-line',
  ],
  'baseos-cloudly-standalone': [
    'baseos-contracts',
    'baseos-cloudly-handlers',
    'baseos-fleet-api',
    'baseos-fleet-page',
    'baseos-command-line',
  ],
  'baseos-fleet-page': ['baseos-contracts', 'baseos-cloudly-handlers', 'baseos-fleet-api'],
  'baseos-cloudly-conformance': [
    'baseos-contracts',
    'baseos-cloudly-connector',
    'baseos-command-line',
    'baseos-testing',
  ],
  'baseos-fleet-tests': [
    'balena-supervisor-emulator',
    'baseos-contracts',
    'baseos-cloudly-handlers',
    'baseos-cloudly-standalone',
    'baseos-runner-core',
    'baseos-command-line',
    'baseos-testing',
  ],
  'baseos-demo': [
    'baseos',
    'baseos-cloudly-handlers',
    'baseos-cloudly-standalone',
    'balena-supervisor-emulator',
    'baseos-command-line',
  ],
};

/** The one package that is not published and goes into the bundles of others: it is a dependency of their builds alone. */
const bundled = `${scope}baseos-command-line`;

/** Third-party packages that are installed with one of ours. */
const mayInstall: Record<string, string[]> = {
  'baseos-contracts': ['valibot'],
  'balena-supervisor-client': ['ky', 'valibot'],
  'balena-supervisor-emulator': [],
  'baseos-cloudly-connector': ['ky', 'valibot'],
  'baseos-cloudly-handlers': ['croner'],
  'baseos-fleet-api': ['valibot'],
  'baseos-runner-core': ['valibot'],
  baseos: ['citty', 'nanotar'],
};

interface Manifest {
  name: string;
  private?: boolean;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
}

const manifests: { folder: string; manifest: Manifest }[] = workspacePackages();
const packages = manifests.map(({ folder, manifest }) => ({
  folder,
  name: manifest.name.slice(scope.length),
  manifest,
}));

function ours(names: string[]) {
  return names.filter((name) => name.startsWith(scope)).map((name) => name.slice(scope.length));
}

function importsOf(folder: string): string[] {
  const files = globSync('src/**/*.ts', { cwd: folder }).filter((file) => !/\.test(-d)?\.ts$/.test(file));
  return files.flatMap((file) => {
    const source = readFileSync(join(folder, file), 'utf8');
    return Array.from(source.matchAll(/(?:from|import)\s*\(?\s*'(@serve\.zone\/[^'/]+)/g), ([, name = '']) => name);
  });
}

test('the table names every package of the workspace', () => {
  expect(Object.keys(mayDependOn).toSorted()).toEqual(packages.map(({ name }) => name).toSorted());
});

test('the bundled package is not published', () => {
  expect(manifests.find(({ manifest }) => manifest.name === bundled)?.manifest.private).toBe(true);
});

describe.each(packages)('$name', ({ folder, name, manifest }) => {
  const declared = Object.keys(manifest.dependencies ?? {});
  const builtFrom = bundled in (manifest.devDependencies ?? {}) ? [...declared, bundled] : declared;

  test('depends only on packages below it', () => {
    expect(mayDependOn[name]).toEqual(expect.arrayContaining(ours(builtFrom)));
  });

  test('imports none of our packages that it does not declare', () => {
    expect(builtFrom).toEqual(expect.arrayContaining([...new Set(importsOf(folder))]));
  });

  test('requires nothing that cannot be installed', () => {
    expect(declared).not.toContain(bundled);
  });
});

test.each(packages.filter(({ manifest }) => !manifest.private))(
  '$name depends on no private package',
  ({ manifest }) => {
    const hidden = packages.filter((other) => other.manifest.private).map((other) => other.manifest.name);
    expect(hidden.filter((other) => other in (manifest.dependencies ?? {}))).toEqual([]);
  },
);

test.each(packages.filter(({ manifest }) => !manifest.private))(
  '$name brings few third-party packages',
  ({ name, manifest }) => {
    const installed = Object.keys(manifest.dependencies ?? {}).filter((dependency) => !dependency.startsWith(scope));
    expect(mayInstall[name]).toEqual(expect.arrayContaining(installed));
  },
);
