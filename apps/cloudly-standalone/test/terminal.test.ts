import { execFileSync, spawn } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { bundledCli } from './cli-process.js';
import { startFleet, twoShops } from './start-fleet.js';

const isMissing = ((): boolean => {
  try {
    return !execFileSync('script', ['--version'], { encoding: 'utf8' }).includes('util-linux');
  } catch {
    return true;
  }
})();

/** What a person sees and types at a terminal of 40 columns, which `script` of util-linux emulates. */
describe.skipIf(isMissing)('at a terminal (needs script of util-linux)', () => {
  const { cli } = bundledCli();

  /** Types the answer to a question once it is on the screen. */
  async function type(
    argv: readonly string[],
    { env = {}, question, answer }: { env?: Record<string, string>; question?: RegExp; answer?: string } = {},
  ): Promise<{ screen: string; exitCode: number | null }> {
    const quoted = [process.execPath, cli, ...argv].map((word) => `'${word}'`).join(' ');
    const terminal = spawn('script', ['-qec', `stty cols 40; exec ${quoted}`, '/dev/null'], {
      env: { ...process.env, TERM: 'xterm', ...env },
      stdio: 'pipe',
    });
    let screen = '';
    let isAnswered = false;
    terminal.stdout.setEncoding('utf8').on('data', (text: string) => {
      screen += text;
      if (isAnswered || question === undefined || !question.test(screen)) return;
      isAnswered = true;
      terminal.stdin.write(answer ?? '');
    });
    const exitCode = await new Promise<number | null>((resolve) => terminal.on('close', resolve));
    return { screen: screen.replaceAll('\r\n', '\n'), exitCode };
  }

  test('a table fits into its lines, and goes through the pager', async () => {
    const { data } = await startFleet(twoShops);
    const { screen, exitCode } = await type(['node', 'list', '--columns', 'name,id', '--data', data], {
      env: { PAGER: "sed 's/^/| /'" },
    });
    const lines = screen.trimEnd().split('\n');
    expect([exitCode, lines[0]?.trimEnd()]).toEqual([0, '| NAME  ID']);
    expect(lines).toHaveLength(5);
    // The pager of this test adds two characters.
    expect(lines.filter((line) => line.length > 42)).toEqual([]);
  });

  test.each([
    ['3\r', 0, 3],
    ['2\r', 1, 0],
    ['\u0003', 1, 0],
    ['\u0004', 1, 0],
  ])('what is typed to confirm counts: %j', async (answer, exitCode, revokedCount) => {
    const { data, fleet } = await startFleet(twoShops);
    const question = /Type 3 to revoke them: /;
    const typed = await type(['node', 'revoke', 'label.shop=a', '--data', data], { question, answer });
    expect(typed).toMatchObject({ exitCode, screen: expect.stringMatching(question) });
    const { states } = await fleet.summary();
    expect(states.revoked).toBe(revokedCount);
  });

  test('notes are written in the editor', async () => {
    const { data, run } = await startFleet(twoShops.slice(0, 1));
    const { exitCode } = await type(['node', 'note', 'a-1', '--data', data], {
      env: { EDITOR: 'echo Behind the fridge >' },
    });
    expect(exitCode).toBe(0);
    expect(JSON.parse((await run('node', 'show', 'a-1', '--json')).stdout)).toMatchObject({
      notes: 'Behind the fridge',
    });
  });
});
