import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

/** Every package of the workspace: its folder and its package.json. */
export function workspacePackages() {
  return ['packages', 'apps'].flatMap((group) =>
    readdirSync(join(root, group))
      .map((name) => join(root, group, name))
      .filter((folder) => existsSync(join(folder, 'package.json')))
      .map((folder) => ({ folder, manifest: JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) })),
  );
}

/** Those that go to the registry. */
export function publishedPackages() {
  return workspacePackages().filter(({ manifest }) => !manifest.private);
}

/** Every way into a package that has declarations: their name in its dist, and the source that they declare. */
export function declaredEntries({ exports = {} }) {
  return Object.values(exports)
    .filter((target) => target.types)
    .map((target) => ({ name: basename(target.types, '.d.ts'), source: target['@serve.zone/source'] }));
}
