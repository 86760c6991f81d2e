import { expect, test } from 'vitest';
import { parseCommandLine, usage } from './parse-command-line.js';

function parse(...argv: string[]) {
  return parseCommandLine(argv, () => 7);
}

test('without options it kills one server on SQLite 200 times, with a random seed', () => {
  const order = { database: 'sqlite', kills: 200, nodeCount: 50, seed: 7 };
  expect(parse()).toEqual({ kind: 'run', order });
});

test('accepts each option', () => {
  const order = { database: 'postgres', kills: 3, nodeCount: 4, seed: 5 };
  expect(parse('--database', 'postgres', '--kills', '3', '--nodes=4', '--seed', '5')).toEqual({ kind: 'run', order });
  expect(parse('-h')).toEqual({ kind: 'help' });
});

test.each([
  [['--kills', '0'], '--kills must be a whole number from 1 to 100000, but is "0".'],
  [['--nodes', 'many'], '--nodes must be'],
  [['--seed', '-1'], '--seed'],
  [['--database', 'oracle'], '--database must be sqlite or postgres, but is "oracle".'],
  [['--kill', '3'], "'--kill'"],
  [['sqlite'], "'sqlite'"],
])('%j is rejected with a message', (argv, message) => {
  expect(parse(...argv)).toEqual({ kind: 'mistake', message: expect.stringContaining(message) });
});

test('the help names every option', () => {
  for (const option of ['--database', '--kills', '--nodes', '--seed']) expect(usage).toContain(option);
});
