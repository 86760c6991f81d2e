import { describe, expect, test } from 'vitest';
import { startFleet, twoShops } from '../../test/start-fleet.js';

describe('a saved view', () => {
  test('has its nodes, order and columns, which a command line may change', async () => {
    const { run } = await startFleet(twoShops);
    const saved = await run(
      'view',
      'save',
      'shop a',
      'label.shop=a',
      '--sort',
      '-name',
      '--columns',
      'name,label.shop',
    );
    expect(saved).toMatchObject({ exitCode: 0, stdout: '', stderr: expect.stringContaining('View shop a is saved.') });
    const shown = async (...argv: string[]) => (await run('node', 'list', '--view', 'shop a', ...argv)).stdout;
    expect(await shown()).toBe('NAME  SHOP\na-3   a\na-2   a\na-1   a\n');
    expect(await shown('-label.canary', '--sort', 'name', '--columns', 'name')).toBe('NAME\na-1\na-3\n');
    expect((await run('node', 'count', '--view', 'shop a', 'label.canary')).stdout).toBe('1\n');
  });

  test('can be changed under its name, listed, and removed', async () => {
    const { run } = await startFleet([]);
    await run('view', 'save', 'late ones', 'state:late');
    expect((await run('view', 'save', 'late ones', 'state:late,offline')).stderr).toContain('is changed');
    expect((await run('view', 'list')).stdout).toMatch(
      /^NAME +SELECTOR +SORT +BY\nlate ones +state:late,offline +name +cli:\S+\n$/,
    );
    const [view] = JSON.parse((await run('view', 'list', '--json')).stdout) as { id: string; createdAt: string }[];
    expect(view).toMatchObject({
      name: 'late ones',
      selector: 'state:late,offline',
      createdAt: expect.stringMatching(/Z$/),
    });
    expect((await run('view', 'remove', view?.id ?? '')).stderr).toContain('View late ones is removed.');
    expect((await run('view', 'list')).stderr).toContain('There are no views.');
  });

  test.each([
    [['node', 'list', '--view', 'lat ones'], 1, 'There is no view "lat ones". Did you mean "late ones"?'],
    [['view', 'remove', 'x'], 1, 'There is no view "x". `view list` shows all of them.'],
    [['view', 'save'], 2, 'view save needs a name.'],
    [['view', 'save', 'x', 'stat:late'], 2, 'There is no field stat'],
    [['view', 'save', 'x', '--columns', 'nam'], 2, 'There is no column "nam". Did you mean "name"?'],
  ])('%j is a mistake', async (argv, exitCode, message) => {
    const { run } = await startFleet([]);
    await run('view', 'save', 'late ones', 'state:late');
    expect(await run(...argv)).toMatchObject({ exitCode, stderr: expect.stringContaining(message) });
  });
});
