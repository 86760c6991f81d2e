import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '@serve.zone/baseos-testing/files/temporary-folder';
import { describe, expect, test } from 'vitest';
import { runCommandWith } from '../../test/run-command.js';
import { startFleet, twoShops } from '../../test/start-fleet.js';

/** A file with these lines. */
function csvFile(...lines: string[]): string {
  const path = join(temporaryFolder(), 'labels.csv');
  writeFileSync(path, lines.map((line) => `${line}\r\n`).join(''));
  return path;
}

describe('node labels export', () => {
  test('prints a line for each node, with a column for each label', async () => {
    const { run, nodeId } = await startFleet(twoShops);
    await run('node', 'rename', 'a-1', '=SUM(1)');
    const { exitCode, stdout } = await run('node', 'labels', 'export', 'label.shop');
    expect(exitCode).toBe(0);
    expect(stdout.split('\n')).toEqual([
      'node,name,label.canary,label.shop',
      `${nodeId('a-1')},'=SUM(1),,a`,
      `${nodeId('a-2')},a-2,,a`,
      `${nodeId('a-3')},a-3,,a`,
      `${nodeId('b-1')},b-1,,b`,
      '',
    ]);
  });
});

describe('node labels import', () => {
  test('shows what would change, asks for the number of nodes, and changes them', async () => {
    const { run, data, fleet } = await startFleet(twoShops);
    const file = csvFile('node,name,label.shop,label.role', 'a-1,,a,till', 'a-3,,,', 'b-1,,c,');
    const asked: string[] = [];
    const terminal = {
      readInput: async () => '',
      ask: async (question: string) => {
        asked.push(question);
        return '3';
      },
    };
    const imported = await runCommandWith({ terminal }, 'node', 'labels', 'import', file, '--data', data);
    expect(imported).toEqual({
      exitCode: 0,
      stdout: '',
      stderr: 'a-1: role=till\na-3: shop removed (was a)\nb-1: shop=c (was b)\nThe labels of 3 nodes are changed.\n',
    });
    expect(asked).toEqual(['Type 3 to change their labels: ']);
    const { stdout } = await run('node', 'list', '--columns', 'name,labels');
    expect(stdout).toBe('NAME  LABELS\na-1   role=till,shop=a\na-2   canary=,shop=a\na-3   -\nb-1   shop=c\n');
    const [event] = await fleet.listEvents({ limit: 1 });
    expect(event).toMatchObject({ kind: 'node-labelled', actor: expect.stringMatching(/^cli:/) });
  });

  test('changes nothing about what was exported', async () => {
    const { run, data } = await startFleet(twoShops);
    const exported = (await run('node', 'labels', 'export')).stdout;
    const terminal = { readInput: async () => exported };
    expect(await runCommandWith({ terminal }, 'node', 'labels', 'import', '-', '--data', data)).toMatchObject({
      exitCode: 0,
      stderr: 'All nodes have these labels already.\n',
    });
  });

  test('names every bad line, and changes nothing', async () => {
    const { run } = await startFleet(twoShops);
    const file = csvFile('node,label.shop', 'a-1,c', 'a-9,c', 'a-2,c d', 'a-1,e', 'a-3');
    const { exitCode, stderr } = await run('node', 'labels', 'import', file, '--yes');
    expect(exitCode).toBe(1);
    expect(stderr).toContain('Line 4: "c d" cannot be the value of shop: A label value has');
    expect(stderr).toContain('Line 6 has 1 cells, and there are 2 columns.');
    expect(stderr).toContain('The file cannot be used. Nothing has changed.');
    const unknown = await run(
      'node',
      'labels',
      'import',
      csvFile('node,label.shop', 'a-9,c', 'a-1,c', 'a-1,d'),
      '--yes',
    );
    expect(unknown.stderr).toMatch(/^Line 2: There is no node "a-9"\.\nLine 4: "a-1" is the node of line 3, too\.\n/);
    expect((await run('node', 'count', 'label.shop=a')).stdout).toBe('3\n');
  });

  test('shows everything and changes nothing with --dry-run', async () => {
    const { run } = await startFleet(twoShops);
    const file = csvFile('node,label.shop', 'a-1,c');
    const { exitCode, stdout, stderr } = await run('node', 'labels', 'import', file, '--dry-run', '--json');
    expect([exitCode, stderr]).toEqual([0, 'a-1: shop=c (was a)\nNothing has changed.\n']);
    expect(JSON.parse(stdout)).toMatchObject({ changed: 0, planned: [{ labels: { shop: 'c' } }] });
    expect((await run('node', 'count', 'label.shop=a')).stdout).toBe('3\n');
  });

  test('needs a confirmation, and a file that is one', async () => {
    const { run } = await startFleet(twoShops);
    expect(await run('node', 'labels', 'import', csvFile('node,label.shop', 'a-1,c'))).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('Give --count 1'),
    });
    expect(await run('node', 'labels', 'import', '/nowhere/labels.csv')).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('ENOENT'),
    });
    expect((await run('node', 'count', 'label.shop=a')).stdout).toBe('3\n');
  });
});
