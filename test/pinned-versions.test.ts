import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../scripts/published-packages.mjs';

const files = execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' })
  .split('\0')
  .filter(
    (file) => /(?:^|[./])(?:md|json|ts|mts|mjs|sh|yaml|yml|run|Dockerfile)$/.test(file) && file !== 'pnpm-lock.yaml',
  );

function read(file: string): string {
  return readFileSync(join(root, file), 'utf8');
}

/** What a pattern finds in all files that are in Git. */
function findAll(pattern: RegExp): { file: string; found: string }[] {
  return files.flatMap((file) => Array.from(read(file).matchAll(pattern), ([found]) => ({ file, found })));
}

test('package.json names one version of pnpm, with its hash', () => {
  const { packageManager } = JSON.parse(read('package.json')) as { packageManager: string };
  expect(packageManager).toMatch(/^pnpm@\d+\.\d+\.\d+\+sha512\.[0-9a-f]{128}$/);
});

test('every command runs that version of pnpm', () => {
  const { packageManager } = JSON.parse(read('package.json')) as { packageManager: string };
  const [exact = ''] = packageManager.split('+');
  const named = findAll(/\bpnpm@\d[\w.]*\w/g);
  expect(named.length).toBeGreaterThan(20);
  expect(named.filter(({ found }) => found !== exact)).toEqual([]);
});

test('every image starts from a base image with a pinned digest', () => {
  const dockerfiles = files.filter((file) => /(?:^|\/)Dockerfile$/.test(file));
  expect(dockerfiles).toHaveLength(2);
  for (const file of dockerfiles) {
    const text = read(file);
    expect(text).toMatch(/^ARG NODE_IMAGE=node:\d+-slim@sha256:[0-9a-f]{64}$/m);
    const stages = new Set(Array.from(text.matchAll(/ AS (\w+)$/gm), ([, name = '']) => name));
    const bases = Array.from(text.matchAll(/^FROM (\S+)/gm), ([, base = '']) => base);
    expect(bases.filter((base) => !['${NODE_IMAGE}', 'scratch'].includes(base) && !stages.has(base))).toEqual([]);
  }
});

test('all images start from the same one', () => {
  const named = findAll(/^ARG NODE_IMAGE=.*$/gm);
  expect(new Set(named.map(({ found }) => found)).size).toBe(1);
});
