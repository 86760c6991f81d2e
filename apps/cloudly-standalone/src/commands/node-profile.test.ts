import { describe, expect, test } from 'vitest';
import { runCommandWith } from '../../test/run-command.js';
import { startFleet, twoShops } from '../../test/start-fleet.js';
import type { Terminal } from '../terminal/terminal.js';

async function one() {
  const fleet = await startFleet(twoShops.slice(1, 2));
  const shown = async () =>
    JSON.parse((await fleet.run('node', 'show', 'a-2', '--json')).stdout) as Record<string, unknown>;
  const runOn = (terminal: Partial<Terminal>, ...argv: string[]) =>
    runCommandWith({ terminal: { readInput: async () => '', ...terminal } }, ...argv, '--data', fleet.data);
  return { ...fleet, shown, runOn };
}

describe('node label', () => {
  test('sets and removes labels, and says which the node has', async () => {
    const { run, shown } = await one();
    expect(await run('node', 'label', 'a-2', 'role=till', 'canary-', 'shop=c')).toMatchObject({
      exitCode: 0,
      stdout: '',
      stderr: expect.stringMatching(/^Node a-2 \(\S+\) has the labels role=till,shop=c now\.\n$/),
    });
    expect(await shown()).toMatchObject({ labels: { role: 'till', shop: 'c' } });
    expect((await run('node', 'label', 'a-2', 'role-', 'shop-')).stderr).toContain('has no labels now');
  });

  test.each([
    [[], 'node label needs a label such as shop=a.'],
    [['shop'], '"shop" must be key=value to set a label, or key- to remove one.'],
    [['=a'], '"=a" must be key=value'],
    [['shop=a', 'shop-'], 'The label shop is given twice.'],
    [['shop=a b'], '"shop=a b" is no label: A label value has'],
    [['-shop=a'], '"-shop=a" is no label: A label key has'],
  ])('%j is a mistake', async (changes, message) => {
    const { run, shown } = await one();
    expect(await run('node', 'label', 'a-2', ...changes)).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining(message),
    });
    expect(await shown()).toMatchObject({ labels: { shop: 'a', canary: '' } });
  });
});

test('node rename shows a name instead of the host name, until it is removed', async () => {
  const { run, shown } = await one();
  expect((await run('node', 'rename', 'a-2', 'Till at the door')).stderr).toContain('is called Till at the door now.');
  expect((await run('node', 'list', '--columns', 'name,hostname')).stdout).toContain('Till at the door  a-2\n');
  expect(await run('node', 'rename', 'a-2', 'x'.repeat(101))).toMatchObject({ exitCode: 2 });
  expect((await run('node', 'rename', 'Till at the door', '')).stderr).toContain('has no name of its own now.');
  expect(await shown()).not.toHaveProperty('name');
});

describe('node note', () => {
  test('takes a text, stdin, or what a person writes in their editor', async () => {
    const { run, runOn, shown } = await one();
    expect((await run('node', 'note', 'a-2', 'Behind the fridge')).stderr).toMatch(
      /^The notes about node a-2 .* are saved\./,
    );
    expect(await shown()).toMatchObject({ notes: 'Behind the fridge' });
    await runOn({ readInput: async () => 'one\ntwo\n' }, 'node', 'note', 'a-2', '-');
    expect(await shown()).toMatchObject({ notes: 'one\ntwo' });
    expect((await run('node', 'show', 'a-2')).stdout).toMatch(/^Notes {11}one\n {16}two\n/m);
    await runOn({ editText: async (before) => `${before}\nthree\n` }, 'node', 'note', 'a-2');
    expect(await shown()).toMatchObject({ notes: 'one\ntwo\nthree' });
    const unchanged = await runOn({ editText: async (before) => `${before}\n` }, 'node', 'note', 'a-2');
    expect(unchanged.stderr).toContain('stay as they are');
    expect((await run('node', 'note', 'a-2', '')).stderr).toContain('are removed');
    expect(await shown()).not.toHaveProperty('notes');
  });

  test('needs a text where there is no editor', async () => {
    const { run } = await one();
    expect(await run('node', 'note', 'a-2')).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('node note needs a text, or - to read it from stdin'),
    });
  });

  test('does not replace what somebody else wrote meanwhile, and loses nothing', async () => {
    const { run, runOn, shown } = await one();
    const editText = async (): Promise<string> => {
      await run('node', 'note', 'a-2', 'first');
      return 'second';
    };
    expect(await runOn({ editText }, 'node', 'note', 'a-2')).toMatchObject({
      exitCode: 1,
      stdout: 'second\n',
      stderr: expect.stringContaining('changed'),
    });
    expect(await shown()).toMatchObject({ notes: 'first' });
  });
});
