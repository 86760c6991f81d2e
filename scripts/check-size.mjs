// Measures what the Supervisor's client costs whoever uses it, against a limit: the packed size, and the bundle of a typical
// use, minified and gzipped. ky is loaded at the first call, so a bundler that splits gives it a file of its own, and with
// another transport it is never loaded: it is counted apart. Needs a build.
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { publishedPackages } from './published-packages.mjs';

// The one that tsup builds with.
const { build } = createRequire(createRequire(import.meta.url).resolve('tsup'))('esbuild');
const run = promisify(execFile);

const client = publishedPackages().find(({ manifest }) => manifest.name === '@serve.zone/balena-supervisor-client');

const typicalUse = `
  import { SupervisorClient } from '${client.manifest.name}';
  const supervisor = SupervisorClient.fromEnv();
  console.log(await supervisor.device());
  console.log(await supervisor.update());
`;

async function packed() {
  const folder = mkdtempSync(join(tmpdir(), 'baseos-size-'));
  try {
    const tarball = join(folder, 'client.tgz');
    await run('pnpm', ['pack', '--out', tarball], { cwd: client.folder });
    return statSync(tarball).size;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function bundled(code, external = []) {
  const { outputFiles } = await build({
    stdin: { contents: code, resolveDir: client.folder },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    target: 'es2023',
    external: ['node:*', ...external],
    write: false,
  });
  return gzipSync(outputFiles[0].contents, { level: 9 }).length;
}

const measurements = {
  packed,
  'typical use, gzipped, without ky': async () => bundled(typicalUse, ['ky']),
  'typical use, gzipped': async () => bundled(typicalUse),
};

/** In bytes, a little above what is there: whoever passes one decides on it. The package's README quotes them. */
const limitsBytes = JSON.parse(readFileSync(new URL('client-size-limits.json', import.meta.url), 'utf8'));

function kb(bytes) {
  return `${(bytes / 1000).toFixed(1)} kB`;
}

for (const [name, limitBytes] of Object.entries(limitsBytes)) {
  const bytes = await measurements[name]();
  const isOver = bytes > limitBytes;
  if (isOver) process.exitCode = 1;
  process.stdout.write(
    `${isOver ? 'FAIL' : 'ok  '} ${client.manifest.name}  ${name}: ${kb(bytes)} (limit ${kb(limitBytes)})\n`,
  );
}
