import { parseArgs } from 'node:util';
import { describe, expect, test } from 'vitest';
import { type OneCommandLine, readOneCommand, runOneCommand } from './one-command.js';
import { readWholeNumber } from './read-whole-number.js';

function read(...args: string[]): OneCommandLine<{ count: number }> {
  return readOneCommand(() => {
    const { values } = parseArgs({
      args,
      options: { count: { type: 'string', default: '1' }, help: { type: 'boolean' } },
    });
    return values.help ? undefined : { count: readWholeNumber('--count', values.count, { min: 1, max: 9 }) };
  });
}

async function runOn(line: OneCommandLine<{ count: number }>) {
  const [out, err]: [string[], string[]] = [[], []];
  const streams = {
    stdout: { write: (text: string) => out.push(text) },
    stderr: { write: (text: string) => err.push(text) },
  };
  const exitCode = await runOneCommand(line, { usage: 'How to call it\n', ...streams }, async ({ count }) => {
    out.push(`ran ${count}`);
    return 1;
  });
  return { exitCode, stdout: out.join(''), stderr: err.join('') };
}

describe('a program with one command', () => {
  test('runs the command, and ends with its exit code', async () => {
    expect(read('--count', '3')).toEqual({ kind: 'run', count: 3 });
    expect(await runOn(read('--count', '3'))).toEqual({ exitCode: 1, stdout: 'ran 3', stderr: '' });
  });

  test('prints its usage on request', async () => {
    expect(await runOn(read('--help'))).toEqual({ exitCode: 0, stdout: 'How to call it\n', stderr: '' });
  });

  test.each([
    [['--count', '10'], '--count must be a whole number from 1 to 9, but is "10".\n\nHow to call it\n'],
    [['--count', '\u001b[2J'], '--count must be a whole number from 1 to 9, but is "\\u001b[2J".\n\nHow to call it\n'],
    [['--cuont', '1'], expect.stringContaining("'--cuont'") as string],
  ])('reports what is wrong with %j, and ends with 2', async (args, stderr) => {
    expect(await runOn(read(...args))).toEqual({ exitCode: 2, stdout: '', stderr });
  });
});
