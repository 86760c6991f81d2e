import { execFile } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { variables } from '@serve.zone/baseos-runner-core';
import { describe, expect, test } from 'vitest';
import { publishedPackages, root } from '../scripts/published-packages.mjs';

const run = promisify(execFile);

/** Our programs, by the words that start them in the documentation. */
const programs = {
  baserunner: { starts: /^(?:npm run -s baserunner --|baserunner)(?: |$)/, cli: 'apps/baserunner/dist/cli.js' },
  cloudly: { starts: /^(?:npm run -s cloudly --|cloudly)(?: |$)/, cli: 'apps/cloudly-standalone/dist/cli.js' },
};

const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> };

const texts = globSync(['*.md', 'docs/*.md', '{packages,apps,examples}/*/*.md'], {
  cwd: root,
  exclude: ['**/node_modules/**'],
});

/** What stands in the code blocks of a text that are indented or for the shell, a line each, without its comment. */
function codeLinesOf(text: string): string[] {
  const whole = readFileSync(join(root, text), 'utf8')
    .replaceAll(/^```(?!sh$)\w+$.*?^```$/gms, '')
    .replaceAll(/^```sh\n(.*?)^```$/gms, (_block, code: string) => code.replaceAll(/^/gm, '    '));
  return Array.from(whole.replaceAll(/\\\n\s*/g, '').matchAll(/^ {4,}(.*)$/gm), ([, line = '']) =>
    line.replace(/\s+# .*$/, '').trim(),
  );
}

const lines = texts.flatMap((text) => codeLinesOf(text).map((line) => ({ text, line })));

function linesLike(pattern: RegExp): { text: string; line: string; words: string[] }[] {
  return lines
    .filter(({ line }) => pattern.test(line))
    .map(({ text, line }) => ({ text, line, words: line.replace(pattern, '').trim().split(/\s+/).filter(Boolean) }));
}

describe.each(Object.entries(programs))('%s, as the documentation calls it', (_name, { starts, cli }) => {
  test.each(linesLike(starts))('has what $text calls: $line', async ({ words }) => {
    const isOption = (word: string) => /^\[?--?[a-z]/.test(word);
    const firstFlag = words.findIndex((word) => isOption(word) || !/^[a-z-]+$/.test(word));
    const command = firstFlag === -1 ? words : words.slice(0, firstFlag);
    const { stdout: help } = await run(process.execPath, [join(root, cli), 'help', ...command]);
    const flags = words.filter(isOption).map((word) => /--?[a-z-]+/.exec(word)?.[0] ?? word);
    expect(flags.filter((flag) => !help.includes(flag))).toEqual([]);
  });
});

/** Examples that are programs: their READMEs set up what the programs import. */
const setUps = linesLike(/^npm run setup -- /).filter(({ text }) => text.startsWith('examples/'));

test.each(setUps)('what $text installs is all that its programs import', ({ text, words }) => {
  const sources = globSync(join(dirname(text), '{,*/}*.ts'), { cwd: root, exclude: ['**/{test,node_modules}/**'] });
  const imported = sources.flatMap(
    (file) => readFileSync(join(root, file), 'utf8').match(/(?<= from ')@serve\.zone\/[^/']+/g) ?? [],
  );
  expect(new Set(words)).toEqual(withDependencies(imported));
});

/** Packages, and those that they are installed with. */
function withDependencies(names: readonly string[]): Set<string> {
  const found = new Set(names);
  for (const name of found) {
    const each = publishedPackages().find(({ manifest: { name: itsName } }) => itsName === name);
    const dependencies = Object.keys(each?.manifest.dependencies ?? {});
    for (const dependency of dependencies) if (dependency.startsWith('@serve.zone/')) found.add(dependency);
  }
  return found;
}

/** Words of the package managers themselves, which are no scripts. */
const ownWords = /^(?:install|exec|pack|add)$/;

test('every script that the documentation calls exists', () => {
  const calls = linesLike(/^(?:npx -y )?(?:pnpm(?:@[\d.]+)?|npm)(?: -s)? (?:run (?:-s )?)?(?=[\w:]+)/);
  const scripts = calls.filter(({ words: [word = ''] }) => !ownWords.test(word));
  expect(scripts.length).toBeGreaterThan(20);
  expect(scripts.filter(({ words: [name = ''] }) => !Object.hasOwn(manifest.scripts, name))).toEqual([]);
});

test('no command in the documentation needs pnpm on the PATH', () => {
  expect(linesLike(/^pnpm /)).toEqual([]);
  const called = linesLike(/^npm (?:run (?:-s )?)?(?=[\w:]+)/).map(({ words: [name = ''] }) => name);
  const needsPnpm = (name: string) => /(?:^|&& )pnpm /.test(manifest.scripts[name] ?? '');
  expect(called.length).toBeGreaterThan(20);
  expect(called.filter(needsPnpm)).toEqual([]);
});

test('every package of ours that the documentation installs is published', () => {
  const published = new Set(publishedPackages().map(({ manifest: { name } }) => name));
  const installed = linesLike(/^npm install /).flatMap(({ words }) =>
    words.filter((word) => word.startsWith('@serve.zone/')),
  );
  expect(new Set(installed)).toEqual(published);
});

test('every setting that the documentation exports exists', () => {
  const known = new Set(variables.flatMap(({ name }) => [name, `${name}_FILE`]));
  const exported = linesLike(/^export /).flatMap(({ line }) => line.match(/\bBASEOS_\w+(?==)/g) ?? []);
  expect(exported.length).toBeGreaterThan(3);
  expect(exported.filter((name) => !known.has(name))).toEqual([]);
});
