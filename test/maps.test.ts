import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root, workspacePackages } from '../scripts/published-packages.mjs';

const packages = workspacePackages()
  .map(({ folder, manifest }) => ({ folder, name: manifest.name }))
  .filter(({ folder }) => existsSync(join(folder, 'src')));

/** The folders that a package's map has a line for, from its README or that of its sources. */
function mappedFolders(folder: string): string[] {
  const texts = [join(folder, 'README.md'), join(folder, 'src/README.md')].filter((path) => existsSync(path));
  const lines = texts.flatMap((path) => readFileSync(path, 'utf8').match(/^- `[a-z-]+\/.*$/gm) ?? []);
  const mapped = lines.flatMap((line) => /^- `([a-z-]+)\/[a-z/-]*`.*: /.exec(line)?.[1] ?? []);
  return [...new Set(mapped)].toSorted();
}

test.each(packages)('the map of $name has a line for each folder of its sources, and for no other', ({ folder }) => {
  const folders = globSync('src/*/', { cwd: folder }).map((path) => path.split('/')[1] ?? '');
  expect(mappedFolders(folder)).toEqual(folders.toSorted());
});

test('AGENTS.md has a line for each package, app and example', () => {
  const text = readFileSync(join(root, 'AGENTS.md'), 'utf8');
  const folders = globSync('{packages,apps,examples}/*/', { cwd: root }).map((path) => path.replace(/\/$/, ''));
  expect(folders.filter((folder) => !text.includes(`- \`${folder}/\`: `))).toEqual([]);
});
