// Packs every published package and judges the tarball, which is what users install: publint for its package.json and
// files, attw for its types under every way of importing it. Prints the packed sizes. Needs a build.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { publishedPackages, root } from './published-packages.mjs';

const run = promisify(execFile);

function bin(name) {
  return join(root, 'node_modules', '.bin', name);
}

const folder = mkdtempSync(join(tmpdir(), 'baseos-packed-'));

/** @returns what was found wrong, empty where nothing was */
async function judge(tarball) {
  const tools = [
    [bin('publint'), ['run', tarball, '--strict']],
    [bin('attw'), [tarball, '--profile', 'esm-only', '--no-color', '--no-emoji']],
  ];
  const findings = await Promise.all(
    tools.map(([tool, parameters]) =>
      run(tool, parameters, { cwd: root }).then(
        () => '',
        (error) => `${error.stdout}${error.stderr}`,
      ),
    ),
  );
  return findings.join('');
}

let failed = 0;
try {
  for (const { folder: cwd, manifest } of publishedPackages()) {
    const tarball = join(folder, `${manifest.name.replace(/[@/]/g, '')}.tgz`);
    await run('pnpm', ['pack', '--out', tarball], { cwd });
    const findings = await judge(tarball);
    if (findings) failed += 1;
    const sizeKb = (statSync(tarball).size / 1000).toFixed(1);
    process.stdout.write(`${findings ? 'FAIL' : 'ok  '} ${manifest.name}  ${sizeKb} kB packed\n${findings}`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exitCode = failed ? 1 : 0;
