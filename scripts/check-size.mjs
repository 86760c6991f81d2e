// Measures what the Supervisor's client costs whoever uses it, against a limit: the packed size, and the bundle of a typical
// use, minified and gzipped. ky is loaded at the first call, so a bundler that splits gives it a file of its own, and with
// another transport it is never loaded: it is counted apart. Needs a build.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
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

const packed = async () => {
  const folder = mkdtempSync(join(tmpdir(), 'baseos-size-'));
  try {
    const tarball = join(folder, 'client.tgz');
    await run('pnpm', ['pack', '--out', tarball], { cwd: client.folder });
    return statSync(tarball).size;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

const bundled = async (code, external = []) => {
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
};

/** Limits in bytes, a little above what is there: whoever passes one decides on it. */
const measures = [
  { name: 'packed', limitBytes: 50_000, measure: packed },
  {
    name: 'typical use, gzipped, without ky',
    limitBytes: 16_000,
    measure: async () => bundled(typicalUse, ['ky']),
  },
  { name: 'typical use, gzipped', limitBytes: 25_000, measure: async () => bundled(typicalUse) },
];

const kb = (bytes) => `${(bytes / 1000).toFixed(1)} kB`;

for (const { name, limitBytes, measure } of measures) {
  const bytes = await measure();
  const isOver = bytes > limitBytes;
  if (isOver) process.exitCode = 1;
  process.stdout.write(
    `${isOver ? 'FAIL' : 'ok  '} ${client.manifest.name}  ${name}: ${kb(bytes)} (limit ${kb(limitBytes)})\n`,
  );
}
