import { expect, test } from 'vitest';
import { commandContext } from '../../test/run-command.js';
import type { CommandContext } from '../command/command-context.js';
import type { ListColumns } from './list-column.js';
import type { ListArguments } from './list-flags.js';
import { readLayout } from './read-layout.js';
import { writeList } from './write-list.js';

interface Item {
  name: string;
  release: string;
}

const columns: ListColumns<Item> = {
  shown: ['name', 'release'],
  all: [
    { key: 'name', min: 6, text: ({ name }) => name },
    { key: 'release', text: ({ release }) => release.slice(0, 4), full: ({ release }) => release },
    { key: 'age', text: () => '3 min ago', value: () => 180 },
  ],
  find: (key) => (key.startsWith('label.') ? { key, text: ({ name }) => `${key} of ${name}` } : undefined),
  family: 'label.<key>',
};

const items: Item[] = [
  { name: 'shop-a-till-7', release: 'a1b2c3d4' },
  { name: '=cmd', release: '' },
];

/** What is written for a list that is read in these pages. */
async function list(
  args: ListArguments,
  pages: readonly (readonly Item[])[] = [items],
  parts: Partial<CommandContext> = {},
) {
  const written = { stdout: '', stderr: '' };
  const context: CommandContext = {
    ...commandContext(),
    stdout: { write: (text) => (written.stdout += text) },
    stderr: { write: (text) => (written.stderr += text) },
    ...parts,
  };
  async function* read() {
    yield* pages;
  }
  const layout = readLayout(context, args, columns, ({ name }) => ({ name }));
  await writeList(context, layout, { pages: read(), emptySentence: 'There are none.' });
  return written;
}

const narrow = { terminal: { columns: 20, readInput: async () => '' } };

test('a list is a table of the usual columns, as wide as the terminal', async () => {
  expect(await list({}, [items], narrow)).toEqual({
    stdout: 'NAME         RELEASE\nshop-…ill-7  a1b2\n=cmd\n',
    stderr: '',
  });
});

test('a wide list has all columns in full', async () => {
  const { stdout } = await list({ wide: true }, [items], narrow);
  expect(stdout).toMatch(/^NAME {11}RELEASE {3}AGE\nshop-a-till-7 {2}a1b2c3d4 {2}3 min ago\n/);
});

test('the columns can be chosen, those of a family too', async () => {
  const { stdout } = await list({ columns: 'release, label.site' });
  expect(stdout).toMatch(/^RELEASE {2}LABEL\.SITE\na1b2 {5}label\.site of shop-a-till-7\n/);
});

test.each([
  [{ columns: 'relaese' }, 'There is no column "relaese". Did you mean "release"?'],
  [{ columns: 'x' }, 'There is no column "x". There are: name, release, age, label.<key>.'],
  [{ json: true, csv: true }, '--json and --csv cannot be used together.'],
  [{ json: true, columns: 'name' }, '--columns is for tables and CSV'],
])('%j is a mistake', async (args, message) => {
  await expect(list(args)).rejects.toThrow(message);
});

test('programs get JSON, or CSV with all columns that no spreadsheet takes for formulas', async () => {
  expect((await list({ json: true })).stdout).toBe('[{"name":"shop-a-till-7"},{"name":"=cmd"}]\n');
  expect((await list({ csv: true })).stdout).toBe("name,release,age\nshop-a-till-7,a1b2c3d4,180\n'=cmd,,180\n");
});

test('an empty list is a sentence for a person, and still a list for a program', async () => {
  expect(await list({}, [[], []])).toEqual({ stdout: '', stderr: 'There are none.\n' });
  expect(await list({ json: true }, [[]])).toEqual({ stdout: '[]\n', stderr: '' });
  expect(await list({ csv: true }, [])).toEqual({ stdout: 'name,release,age\n', stderr: '' });
});

test('a list that comes in pages is one', async () => {
  const [first, second] = items;
  const pages = [first ? [first] : [], [], second ? [second] : []];
  for (const args of [{}, { json: true }, { csv: true }]) expect(await list(args, pages)).toEqual(await list(args));
});

/** A terminal with a pager, and what happens to it. */
function fakePager() {
  const shown: string[] = [];
  const told: string[] = [];
  return {
    shown,
    told,
    terminal: {
      readInput: async () => '',
      openPager: () => ({
        input: { write: (text: string) => shown.push(text) },
        end: async () => void told.push('end'),
        stop: () => void told.push('stop'),
      }),
    },
  };
}

test('a table is read in the pager of the terminal, unless it is not wanted or empty', async () => {
  const { terminal, shown, told } = fakePager();
  expect((await list({}, [items], { terminal })).stdout).toBe('');
  expect([shown.join(''), told]).toEqual([(await list({})).stdout, ['end']]);
  for (const args of [{ pager: false }, { json: true }, { csv: true }]) {
    expect((await list(args, [items], { terminal })).stdout).not.toBe('');
  }
  expect((await list({}, [], { terminal })).stderr).toBe('There are none.\n');
  expect(told).toEqual(['end']);
});

test('Ctrl-C in the pager stops the list, as often as it is pressed, and leaves the pager to the person', async () => {
  const { terminal, told } = fakePager();
  const interrupts: AbortController[] = [];
  const trapSignals = (): AbortSignal => {
    const ending = new AbortController();
    interrupts.push(ending);
    return ending.signal;
  };
  await list({}, [items], { terminal, trapSignals });
  for (const count of [1, 2]) {
    interrupts.at(-1)?.abort();
    expect(interrupts).toHaveLength(count + 1);
  }
  expect(told).toEqual(['end', 'stop', 'stop']);
});
