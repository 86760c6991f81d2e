import { describe, expect, test } from 'vitest';
import { startFleet, twoShops } from '../../test/start-fleet.js';

/** The names in the first column of a table. */
function namesIn(table: string): string[] {
  return table
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line) => line.split(/ {2,}/)[0] ?? '');
}

describe('node list', () => {
  test('shows the nodes that a selector matches, in the order asked for', async () => {
    const { run } = await startFleet(twoShops);
    const listed = async (...argv: string[]) => namesIn((await run('node', 'list', ...argv)).stdout);
    expect(await listed()).toEqual(['a-1', 'a-2', 'a-3', 'b-1']);
    expect(await listed('label.shop=a', '-label.canary')).toEqual(['a-1', 'a-3']);
    expect(await listed('state:pending')).toEqual(['b-1']);
    expect(await listed('label.shop=a', '--sort', '-name')).toEqual(['a-3', 'a-2', 'a-1']);
    expect(await listed('--sort', '-name', '--limit', '2')).toEqual(['b-1', 'a-3']);
    expect(await listed('a-2')).toEqual(['a-2']);
  });

  test('says that nothing matches, and gives programs an empty list', async () => {
    const { run } = await startFleet([]);
    expect(await run('node', 'list')).toEqual({
      exitCode: 0,
      stdout: '',
      stderr: 'There are no nodes. `join-token create` admits some.\n',
    });
    expect(await run('node', 'list', 'state:late')).toMatchObject({ stderr: 'No node matches state:late.\n' });
    expect(await run('node', 'list', 'state:late', '--json')).toMatchObject({ stdout: '[]\n' });
  });

  test.each([
    [['stat:offline'], 'There is no field stat (column 1). Did you mean state?'],
    [['label.shop=a', 'state:of'], 'state is never of (column 20).'],
    [['--sort', 'nam'], 'There is no order "nam". Did you mean "name"?'],
    [['--sort', '-sene'], 'There is no order "-sene". Did you mean "-seen"?'],
    [['--sort', 'x'], 'There is no order "x". There are: name, id,'],
    [['--limit', '0'], '--limit must be a whole number from 1'],
    [['--columns', 'stat'], 'There is no column "stat". Did you mean "state"?'],
  ])('%j is a mistake that is named', async (argv, message) => {
    const { run } = await startFleet([]);
    expect(await run('node', 'list', ...argv)).toMatchObject({
      exitCode: 2,
      stdout: '',
      stderr: expect.stringContaining(message),
    });
  });

  test('takes release and commit alike, in selectors, orders, columns and counts', async () => {
    const { run } = await startFleet(twoShops);
    const printed = async (word: string) => {
      const listed = await run('node', 'list', `${word}!=bbbb`, '--sort', word, '--columns', `name,${word}`);
      return [listed, await run('node', 'count', '--by', word, '--json')];
    };
    const [listed] = await printed('release');
    expect(listed?.stdout).toMatch(/^NAME  RELEASE\n(\S+ +\w{7}\n){3}$/);
    expect(await printed('commit')).toEqual(await printed('release'));
  });

  test('has a column for each label', async () => {
    const { run } = await startFleet(twoShops);
    const { stdout } = await run('node', 'list', '--columns', 'name,label.shop,labels', 'label.canary');
    expect(stdout).toBe('NAME  SHOP  LABELS\na-2   a     canary=,shop=a\n');
  });
});

describe('node count', () => {
  test('counts the nodes that a selector matches', async () => {
    const { run } = await startFleet(twoShops);
    expect((await run('node', 'count')).stdout).toBe('4\n');
    expect((await run('node', 'count', 'label.shop=a')).stdout).toBe('3\n');
    expect((await run('node', 'count', 'label.shop=a', '--json')).stdout).toBe('{"count":3,"isMore":false}\n');
  });

  test('tells which run which release, and how many have each value of a label', async () => {
    const { run } = await startFleet(twoShops);
    const releases = await run('node', 'count', '--by', 'commit', 'label.shop=a');
    expect(releases.stdout).toBe(`NODES  COMMIT\n2      ${'a'.repeat(32)}\n1      ${'b'.repeat(32)}\n`);
    const canaries = await run('node', 'count', '--by', 'label.shop', '--json');
    expect(JSON.parse(canaries.stdout)).toEqual([
      { value: 'a', count: 3 },
      { value: 'b', count: 1 },
    ]);
  });

  test.each([
    ['comit', 'Nodes cannot be counted by "comit". Did you mean "commit"?'],
    ['shoe size', 'Nodes cannot be counted by "shoe size". There are: state,'],
  ])('by %s is a mistake', async (field, message) => {
    const { run } = await startFleet([]);
    expect(await run('node', 'count', '--by', field)).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining(message),
    });
  });
});

describe('a node', () => {
  test('is named by its ID, name, host name or device UUID, or the beginning of its ID', async () => {
    const { run, nodeId } = await startFleet(twoShops.slice(0, 1));
    await run('node', 'rename', 'a-1', 'Till at the door');
    const device = '4d1c0de4d1c0de4d1c0de4d1c0de4d1c';
    const names = [
      nodeId('a-1'),
      nodeId('a-1').slice(0, 8),
      nodeId('a-1').toUpperCase(),
      'Till at the door',
      'a-1',
      device,
    ];
    for (const name of names) {
      const { exitCode, stdout } = await run('node', 'show', name, '--json');
      expect([exitCode, JSON.parse(stdout)]).toMatchObject([0, { nodeId: nodeId('a-1') }]);
    }
  });

  test('whose name is that of several is asked for by its ID, and nothing is changed', async () => {
    const { run, nodeId } = await startFleet(twoShops.slice(0, 2));
    for (const name of ['a-1', 'a-2']) await run('node', 'rename', name, 'Till');
    const { exitCode, stderr } = await run('node', 'revoke', 'Till');
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(
      /^cloudly-standalone: "Till" may be any of \S+ \(Till, never-seen\), \S+ \(Till, never-seen\)\. Give the ID/,
    );
    for (const name of ['a-1', 'a-2']) expect(stderr).toContain(nodeId(name));
    expect((await run('node', 'count', 'state:revoked')).stdout).toBe('0\n');
  });
});
