// Writes the declarations of every published package to its dist: one file for each way into the package, and what several of
// them share. The native compiler declares each source; what a package takes from one that is not published becomes its own.
import { execFileSync } from 'node:child_process';
import { globSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import process from 'node:process';
import { rollup } from 'rollup';
import { dts } from 'rollup-plugin-dts';
import { declaredEntries, publishedPackages, root, workspacePackages } from './published-packages.mjs';

// Not below node_modules, where everything counts as a part of other packages.
const declarations = mkdtempSync(join(tmpdir(), 'baseos-declarations-'));

function declarationOf(folder, source) {
  return join(declarations, relative(root, folder), source.replace(/\.ts$/, '.d.ts'));
}

/** The declarations of what no user can install, by the path that it is imported by. */
const bundled = new Map(
  workspacePackages()
    .filter(({ manifest }) => manifest.private)
    .flatMap(({ folder, manifest: { name, exports = {} } }) =>
      Object.entries(exports)
        .filter(([, source]) => typeof source === 'string' && source.endsWith('.ts'))
        .map(([path, source]) => [join(name, path), declarationOf(folder, source)]),
    ),
);

const bundlePrivate = { name: 'bundle-private', resolveId: (id) => bundled.get(id) };

async function rollUp({ folder, manifest }) {
  const entries = declaredEntries(manifest).map(({ name, source }) => [name, declarationOf(folder, source)]);
  for (const path of globSync('dist/*.d.ts', { cwd: folder })) rmSync(join(folder, path));
  const bundle = await rollup({
    input: Object.fromEntries(entries),
    external: (id) => /^[^./]/.test(id) && !bundled.has(id),
    plugins: [bundlePrivate, dts({ compilerOptions: { types: [] } })],
  });
  await bundle.write({ dir: join(folder, 'dist') });
  await bundle.close();
}

try {
  const compiler = join(root, 'node_modules/@typescript/native/bin/tsc');
  const options = ['--project', join(root, 'tsconfig.declarations.json'), '--outDir', declarations];
  execFileSync(process.execPath, [compiler, ...options], { stdio: 'inherit' });
  for (const each of publishedPackages()) await rollUp(each);
} finally {
  rmSync(declarations, { recursive: true, force: true });
}
