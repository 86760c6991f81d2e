import { expect, test } from 'vitest';
import { runCommand } from '../../test/run-command.js';
import { startFleet } from '../../test/start-fleet.js';

const breaks = ' \t\n"\'><=;|&(:';

test('Bash gets what follows the last word break, and zsh whole words with what they mean', async () => {
  const { data, nodeId } = await startFleet([{ hostname: 'a:1' }, { hostname: '-y' }]);
  const line = `cloudly node show --data ${data} a:`;
  const bash = { exitCode: 0, stdout: 'words\n1\n', stderr: '' };
  expect(await runCommand('__complete', 'bash', line, breaks)).toEqual(bash);
  const zsh = { exitCode: 0, stdout: `words\na\\:1:never-seen, ${nodeId('a:1')}\n`, stderr: '' };
  expect(await runCommand('__complete', 'zsh', 'node', 'show', `--data=${data}`, 'a')).toEqual(zsh);
});

test('the name of a node that would be a flag is not offered: its ID is', async () => {
  const { data, nodeId } = await startFleet([{ hostname: '-y' }]);
  const { stdout } = await runCommand('__complete', 'bash', `cloudly node revoke --data ${data} `, breaks);
  expect(stdout.split('\n')).toContain(nodeId('-y'));
  expect(stdout).not.toContain('-y');
});

test.each(['--data /nowhere', '--database postgres://127.0.0.1:1/none', '--data a --database b'])(
  'without a fleet at %s, nothing is offered, and nothing told',
  async (flags) => {
    const quiet = { exitCode: 0, stdout: 'words\n', stderr: '' };
    expect(await runCommand('__complete', 'bash', `cloudly node show ${flags} `, breaks)).toEqual(quiet);
  },
);
