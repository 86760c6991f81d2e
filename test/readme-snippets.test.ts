import { execFile } from 'node:child_process';
import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { root, workspacePackages } from '../scripts/published-packages.mjs';
import { linkOthers } from './readme-runs/link-others.js';
import { shareResource } from './shared-resources/shared-resource.js';

const run = promisify(execFile);

const readmes = globSync(['README.md', 'docs/**/*.md', '{packages,apps,examples}/*/*.md'], { cwd: root });

const snippets = readmes.flatMap((readme) =>
  Array.from(readFileSync(join(root, readme), 'utf8').matchAll(/^```ts\n(.*?)^```/gms), ([, code = ''], index) => ({
    file: `${readme.replaceAll(/[/.]/g, '-')}-${index + 1}.ts`,
    code,
  })),
);

/** Packages that are not published, by their sources. */
const paths = Object.fromEntries(
  workspacePackages()
    .filter(({ manifest }) => manifest.private)
    .flatMap(({ folder, manifest }) => [
      [manifest.name, [join(folder, 'src/index.ts')]],
      [`${manifest.name}/*`, [join(folder, 'src/*.ts'), join(folder, 'src/*/index.ts')]],
    ]),
);

/** The languages of what stands between fences, `ts` being what is compiled. */
const fences = readmes.flatMap((readme) => {
  const lines = readFileSync(join(root, readme), 'utf8').match(/^[ \t]*(?:```|~~~).*$/gm) ?? [];
  return lines.filter((_line, index) => index % 2 === 0).map((line) => ({ readme, line }));
});

test('no snippet is in a language that hides TypeScript from the compiler', () => {
  expect(fences.length).toBeGreaterThan(snippets.length);
  expect(fences.filter(({ line }) => !/^```(?:ts|js|python|json|yaml|sh|mermaid|text)$/.test(line))).toEqual([]);
  expect(fences.filter(({ line }) => line === '```ts')).toHaveLength(snippets.length);
});

test(
  'every TypeScript snippet of every README compiles with the packages that npm has installed',
  { timeout: 300_000 },
  async () => {
    expect(snippets.length).toBeGreaterThan(5);
    const folder = join(await shareResource('installed-packages'), 'snippets');
    mkdirSync(folder);
    for (const { file, code } of snippets) writeFileSync(join(folder, file), `${code}\nexport {};\n`);
    linkOthers(folder);
    const tsconfig = {
      extends: join(root, 'tsconfig.base.json'),
      compilerOptions: { paths, noUnusedLocals: false, typeRoots: [join(root, 'node_modules/@types')] },
      include: ['*.ts'],
    };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(tsconfig));
    const errors = await run(join(root, 'node_modules/.bin/tsc'), ['-p', folder], { cwd: root }).then(
      () => '',
      (error: { stdout: string }) => error.stdout,
    );
    expect(errors).toBe('');
  },
);
