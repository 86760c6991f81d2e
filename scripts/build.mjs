// Builds packages on all cores, and leaves out what has not changed since it was built: `node scripts/build.mjs [package...]`.
// No name stands for all packages and for the declarations of those that are published, which nothing in the workspace needs.
// What a build writes is shown only if it fails.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, globSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { declaredEntries, publishedPackages, root, workspacePackages } from './published-packages.mjs';
import { runInLanes } from './run-in-lanes.mjs';
import { describeResult, runQuietly } from './run-quietly.mjs';

const packages = new Map(workspacePackages().map((each) => [each.manifest.name, each]));
const ownDigests = new Map();

/** What a build goes by: of the whole repository, and of each package. */
const sharedInputs = ['pnpm-lock.yaml', 'tsconfig*.json', 'scripts/{build,write-declarations}.mjs'];
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

function inputsOf(names, ...others) {
  const all = new Set();
  for (const name of names) withDependencies(name, all);
  return [process.version, digestFiles(root, sharedInputs), ...others, ...[...all].map(ownDigest)].join('\n');
}

/** A build by hand, or a file that was taken away, is seen by the times of the files. */
function outputsOf(folder, { only, without }) {
  const paths = globSync(only, { cwd: folder, exclude: without }).toSorted();
  return paths.map((path) => `${path} ${statSync(join(folder, path)).mtimeMs}`).join('\n');
}

function buildOf(each) {
  const { folder, manifest } = each;
  return {
    name: manifest.name,
    command: `"${process.execPath}" --run build`,
    folder,
    inputs: inputsOf([manifest.name], commitIn(each)),
    outputs: () => outputsOf(folder, { only: 'dist/**/*', without: ['**/*.d.ts'] }),
  };
}

function buildOfDeclarations(declared) {
  return {
    name: 'declarations',
    command: `"${process.execPath}" scripts/write-declarations.mjs`,
    folder: root,
    inputs: inputsOf(declared.map(({ manifest }) => manifest.name)),
    outputs: () => declared.map(({ folder }) => outputsOf(folder, { only: 'dist/*.d.ts' })).join('\n'),
  };
}

function stampOf({ name }) {
  return join(root, 'node_modules/.cache/builds', name.replace('/', '+'));
}

function isBuilt(each) {
  const stamp = stampOf(each);
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === `${each.inputs}\n${each.outputs()}`;
}

async function run(each) {
  const stamp = stampOf(each);
  rmSync(stamp, { force: true });
  const result = await runQuietly(each.command, each.folder);
  process.stdout.write(describeResult(`build ${each.name}`, result));
  if (!result.hasFailed) {
    mkdirSync(dirname(stamp), { recursive: true });
    writeFileSync(stamp, `${each.inputs}\n${each.outputs()}`);
  }
  return result;
}

let alreadyBuilt = 0;

/** @returns whether all of them are built now */
async function runAll(builds) {
  const stale = builds.filter((each) => !isBuilt(each));
  alreadyBuilt += builds.length - stale.length;
  const results = await runInLanes(stale.map((each) => ({ name: each.name, run: () => run(each) })));
  return [...results.values()].every(({ hasFailed }) => !hasFailed);
}

const names = process.argv.slice(2);
for (const name of names) if (!packages.has(name)) throw new Error(`There is no package ${name}`);
const chosen = [...packages.values()].filter(
  ({ manifest }) => manifest.scripts?.build && (names.length === 0 || names.includes(manifest.name)),
);
const declared = publishedPackages().filter(({ manifest }) => declaredEntries(manifest).length > 0);
// A build of a package takes its declarations away.
const areBuilt =
  (await runAll(chosen.map(buildOf))) &&
  (names.length > 0 || declared.length === 0 || (await runAll([buildOfDeclarations(declared)])));
if (alreadyBuilt > 0) process.stdout.write(`ok   already built: ${alreadyBuilt}\n`);
if (!areBuilt) process.exitCode = 1;
