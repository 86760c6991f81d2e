// Builds packages on all cores, and leaves out those that have not changed since they were built:
// `node scripts/build.mjs [package...]`, where no name stands for all packages. What a build writes is shown only if it fails.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, globSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { root, workspacePackages } from './published-packages.mjs';
import { runInLanes } from './run-in-lanes.mjs';
import { describeResult, runQuietly } from './run-quietly.mjs';

const packages = new Map(workspacePackages().map((each) => [each.manifest.name, each]));
const ownDigests = new Map();

/** What a build goes by: of the whole repository, and of each package. */
const sharedInputs = ['pnpm-lock.yaml', 'tsconfig.json', 'tsconfig.base.json', 'scripts/build.mjs'];
const packageInputs = ['package.json', '*.ts', '{src,scripts}/**/*'];
const exclude = ['**/*.test.ts', '**/*.test-d.ts'];

function digestFiles(folder, patterns) {
  const hash = createHash('sha256');
  const paths = globSync(patterns, { cwd: folder, exclude }).toSorted();
  for (const path of paths) {
    const file = join(folder, path);
    if (statSync(file).isFile()) hash.update(`${path}\0`).update(readFileSync(file)).update('\0');
  }
  return hash.digest('hex');
}

/** The package and every package of the workspace below it: bundles are made from their sources. */
function withDependencies(name, found = new Set()) {
  const each = packages.get(name);
  if (!each || found.has(name)) return found;
  found.add(name);
  const { dependencies, devDependencies } = each.manifest;
  for (const dependency of Object.keys({ ...dependencies, ...devDependencies })) withDependencies(dependency, found);
  return found;
}

function ownDigest(name) {
  if (!ownDigests.has(name)) ownDigests.set(name, digestFiles(packages.get(name).folder, packageInputs));
  return ownDigests.get(name);
}

/** A program that reports its commit and date is rebuilt for each commit, and when the environment sets others. */
function commitIn({ folder }) {
  if (!existsSync(join(folder, 'build-define.ts'))) return '';
  const { BASEOS_COMMIT = '', SOURCE_DATE_EPOCH = '' } = process.env;
  return [BASEOS_COMMIT, SOURCE_DATE_EPOCH, commitOfCheckout()].join(' ');
}

function commitOfCheckout() {
  try {
    return execFileSync('git', ['describe', '--always', '--dirty'], { cwd: root, encoding: 'utf8', stdio: 'pipe' });
  } catch {
    return '';
  }
}

function inputsOf(each) {
  const digests = [...withDependencies(each.manifest.name)].map(ownDigest);
  return [process.version, digestFiles(root, sharedInputs), commitIn(each), ...digests].join('\n');
}

/** A build by hand, or a file that was taken away, is seen by the times of the files. */
function outputsOf({ folder }) {
  const paths = globSync('dist/**/*', { cwd: folder }).toSorted();
  return paths.map((path) => `${path} ${statSync(join(folder, path)).mtimeMs}`).join('\n');
}

function stampOf({ manifest }) {
  return join(root, 'node_modules/.cache/builds', manifest.name.replace('/', '+'));
}

function isBuilt(each, inputs) {
  const stamp = stampOf(each);
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === `${inputs}\n${outputsOf(each)}`;
}

async function build(each, inputs) {
  const stamp = stampOf(each);
  rmSync(stamp, { force: true });
  const result = await runQuietly('pnpm run build', each.folder);
  process.stdout.write(describeResult(`build ${each.manifest.name}`, result));
  if (!result.hasFailed) {
    mkdirSync(dirname(stamp), { recursive: true });
    writeFileSync(stamp, `${inputs}\n${outputsOf(each)}`);
  }
  return result;
}

const names = process.argv.slice(2);
for (const name of names) if (!packages.has(name)) throw new Error(`There is no package ${name}`);
const chosen = [...packages.values()].filter(
  ({ manifest }) => manifest.scripts?.build && (names.length === 0 || names.includes(manifest.name)),
);
const stale = chosen
  .map((each) => ({ each, inputs: inputsOf(each) }))
  .filter(({ each, inputs }) => !isBuilt(each, inputs));

const results = await runInLanes(
  stale.map(({ each, inputs }) => ({ name: each.manifest.name, run: () => build(each, inputs) })),
);
if (chosen.length > stale.length) process.stdout.write(`ok   already built: ${chosen.length - stale.length}\n`);
if ([...results.values()].some(({ hasFailed }) => hasFailed)) process.exitCode = 1;
