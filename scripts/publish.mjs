// Publishes every package whose version the registry does not have yet, its dependencies first: `pnpm run release`. pnpm packs
// them, because only pnpm puts the versions of the workspace into a package.json; npm publishes what is packed, with a token or as
// a trusted publisher. With `--provenance`, which needs a workflow that may request an ID token, each package gets a statement of
// where it was built. In a workflow, the output `published` of the step lists what was published. Needs a build.
import { execFile } from 'node:child_process';
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { publishedPackages, root } from './published-packages.mjs';

const run = promisify(execFile);

/** The one that npm is configured to publish a package to. */
async function registryOf(scope) {
  const { stdout } = await run('npm', ['config', 'get', `${scope}:registry`, 'registry'], { cwd: root });
  const [ofScope, ofAll] = stdout.match(/(?<==)\S+/g);
  return ofScope === 'undefined' ? ofAll : ofScope;
}

async function isPublished(registry, { name, version }) {
  const answer = await fetch(new URL(name.replace('/', '%2f'), registry));
  if (answer.status === 404) return false;
  if (!answer.ok) throw new Error(`The registry answered ${answer.status} when it was asked for ${name}`);
  return version in (await answer.json()).versions;
}

/** A package after all that it depends on. */
function inOrder(packages) {
  const sorted = [];
  const visit = (each) => {
    if (sorted.includes(each)) return;
    for (const name of Object.keys(each.manifest.dependencies ?? {})) {
      const below = packages.find(({ manifest }) => manifest.name === name);
      if (below) visit(below);
    }
    sorted.push(each);
  };
  packages.forEach(visit);
  return sorted;
}

const flags = process.argv.slice(2).filter((flag) => flag === '--provenance');
const published = [];
const folder = mkdtempSync(join(tmpdir(), 'baseos-publish-'));
try {
  const registry = await registryOf('@serve.zone');
  for (const { folder: cwd, manifest } of inOrder(publishedPackages())) {
    const named = `${manifest.name} ${manifest.version}`;
    if (await isPublished(registry, manifest)) {
      process.stdout.write(`ok   ${named} is published already\n`);
      continue;
    }
    const tarball = join(folder, `${manifest.name.replace(/[@/]/g, '')}.tgz`);
    await run('pnpm', ['pack', '--out', tarball], { cwd });
    await run('npm', ['publish', tarball, '--access', 'public', ...flags], { cwd: root });
    published.push(`${manifest.name}@${manifest.version}`);
    process.stdout.write(`ok   ${named} is published\n`);
  }
} finally {
  const outputs = process.env.GITHUB_OUTPUT;
  if (outputs) appendFileSync(outputs, `published=${published.join(' ')}\n`);
  rmSync(folder, { recursive: true, force: true });
}
