import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { workspacePackages } from '../scripts/published-packages.mjs';

/** An import across folders: what one file of a package needs of another. */
interface Arrow {
  from: string;
  to: string;
}

/** The arrows that lead from one folder to another, type imports included; tests may import from anywhere. */
function arrowsBetweenFolders(src: string): Arrow[] {
  const files = globSync('**/*.{ts,tsx}', { cwd: src }).filter((file) => !/\.test(-d)?\.ts$/.test(file));
  const arrows = files.flatMap((from) => {
    const specifiers = readFileSync(join(src, from), 'utf8').matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)\.js'/g);
    return Array.from(specifiers, ([, specifier = '']) => {
      const path = join(dirname(from), specifier);
      return { from, to: files.includes(`${path}.tsx`) ? `${path}.tsx` : `${path}.ts` };
    });
  });
  return arrows.filter(({ from, to }) => dirname(from) !== dirname(to) && files.includes(to));
}

/** The arrows that are part of a circle of folders, each as `from -> to`. */
function arrowsInCircles(arrows: readonly Arrow[]): string[] {
  const inCircles = arrows.filter(({ from, to }) => foldersBelow(dirname(to), arrows).has(dirname(from)));
  return inCircles.map(({ from, to }) => `${from} -> ${to}`).toSorted();
}

/** The folder and all that it leads to. */
function foldersBelow(folder: string, arrows: readonly Arrow[]): Set<string> {
  const found = new Set([folder]);
  // A set hands out what is added to it while it is read.
  for (const each of found) {
    for (const { from, to } of arrows) if (dirname(from) === each) found.add(dirname(to));
  }
  return found;
}

describe('no folder leads back to itself', () => {
  test.each(workspacePackages())('in $manifest.name', ({ folder }) => {
    expect(arrowsInCircles(arrowsBetweenFolders(join(folder, 'src')))).toEqual([]);
  });
});

test('a cycle is reported by its arrows, without those that lead to it or from it', () => {
  const arrows = [
    { from: 'index.ts', to: 'loop/turn.ts' },
    { from: 'loop/turn.ts', to: 'status/report.ts' },
    { from: 'status/report.ts', to: 'identity/identity.ts' },
    { from: 'identity/open.ts', to: 'loop/state.ts' },
    { from: 'status/report.ts', to: 'config/config.ts' },
  ];
  expect(arrowsInCircles(arrows)).toEqual([
    'identity/open.ts -> loop/state.ts',
    'loop/turn.ts -> status/report.ts',
    'status/report.ts -> identity/identity.ts',
  ]);
});
