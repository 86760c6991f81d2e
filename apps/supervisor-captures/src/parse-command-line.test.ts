import { expect, test } from 'vitest';
import { parseCommandLine } from './parse-command-line.js';

test.each<[argv: string[], folder: string, isVerbose: boolean]>([
  [['captures'], '/home/me/captures', false],
  [['../captures/'], '/home/captures', false],
  [['/captures', '--verbose'], '/captures', true],
  [['--', '--verbose', '.'], '/home/me', true],
])('%j names the folder, relative to the working directory', (argv, folder, isVerbose) => {
  expect(parseCommandLine(argv, '/home/me')).toEqual({ kind: 'check', folder, isVerbose });
});

test.each([[[]], [['one', 'two']], [['--loud', 'one']]])('%j is rejected', (argv) => {
  expect(parseCommandLine(argv, '/')).toMatchObject({ kind: 'mistake' });
});

test('help is requested as usual', () => {
  expect(parseCommandLine(['--help'], '/')).toEqual({ kind: 'help' });
});
