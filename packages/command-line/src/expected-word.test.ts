import type { CommandDef } from 'citty';
import { expect, test } from 'vitest';
import { type ExpectedWord, expectedWord } from './expected-word.js';

const list: CommandDef = {
  meta: { name: 'list', description: 'List things' },
  args: {
    sort: { type: 'string', alias: 's', offers: ['name', 'age'], description: 'The order' } as never,
    columns: { type: 'string', offers: ['name'], isList: true } as never,
    json: { type: 'boolean' },
    pager: { type: 'boolean', default: true },
    selector: { type: 'positional', required: false, isRepeated: true, offers: 'things' } as never,
  },
};
const rename: CommandDef = {
  meta: { name: 'rename', description: 'Name a thing' },
  args: { thing: { type: 'positional', offers: 'things' } as never, name: { type: 'positional' } },
};
const tree: CommandDef = {
  meta: { name: 'program' },
  subCommands: { thing: { meta: { name: 'thing', description: 'Things' }, subCommands: { list: () => list, rename } } },
};

function namesIn(expected: ExpectedWord): string[] | undefined {
  return expected.kind === 'name' ? expected.names.map(({ name }) => name) : undefined;
}

test.each([
  [[], '', ['thing', 'help']],
  [[], '-', ['--help']],
  [['thing'], 'l', ['list', 'rename']],
  [['help'], '', ['thing']],
  [['help', 'thing'], '', ['list', 'rename']],
  [['thing', 'list'], '--', ['--sort', '--columns', '--json', '--no-pager', '--help']],
  [['thing', 'list', '--json', '-s', 'age'], '-', ['--columns', '--no-pager', '--help']],
  [['thing', 'rename', 'a', 'b'], '', ['--help']],
])('after %j, %j is one of %j', async (words, typed, names) => {
  expect(namesIn(await expectedWord(tree, words, typed))).toEqual(names);
});

const things = { kind: 'value', offers: 'things', before: '' };
const sort = { kind: 'value', offers: ['name', 'age'] };

test.each([
  [['thing', 'list'], 'a', { ...things, typed: 'a', flags: {} }],
  [['thing', 'list', 'a', '-b'], 'c', { ...things, typed: 'c', flags: {} }],
  [
    ['thing', 'list', '--columns=x', '--sort', 'age'],
    '',
    { ...things, typed: '', flags: { columns: 'x', sort: 'age' } },
  ],
  [['thing', 'list', '--'], '--so', { ...things, typed: '--so', flags: {} }],
  [['thing', 'list', '--sort'], 'na', { ...sort, before: '', typed: 'na', flags: {} }],
  [['thing', 'list', '-s'], '--', { ...sort, before: '', typed: '--', flags: {} }],
  [['thing', 'list'], '--sort=na', { ...sort, before: '--sort=', typed: 'na', flags: {} }],
  [
    ['thing', 'list', '--columns'],
    'a,',
    { kind: 'value', offers: ['name'], isList: true, before: '', typed: 'a,', flags: {} },
  ],
  [['thing', 'rename', 'a'], '', { kind: 'value', before: '', typed: '', flags: {} }],
])('after %j, %j is a value of %j', async (words, typed, value) => {
  expect(await expectedWord(tree, words, typed)).toEqual(value);
});

test.each([
  [['things'], ''],
  [['help', 'thing', 'list'], ''],
  [['thing', 'constructor'], '-'],
])('after %j, nobody knows what %j is', async (words, typed) => {
  expect(await expectedWord(tree, words, typed)).toEqual({ kind: 'other' });
});
