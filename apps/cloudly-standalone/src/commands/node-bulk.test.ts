import { describe, expect, test } from 'vitest';
import { type CommandRun, runCommandWith } from '../../test/run-command.js';
import { type SeededFleet, startFleet, twoShops } from '../../test/start-fleet.js';

/** Runs a command beside a person who answers its questions so, and notes what they were asked and shown. */
async function runAsked({ data }: SeededFleet, answer: string | undefined, ...argv: string[]) {
  const asked: string[] = [];
  const progress: string[] = [];
  const terminal = {
    readInput: async () => '',
    ask: async (question: string) => {
      asked.push(question);
      return answer;
    },
    showProgress: (line: string) => void progress.push(line),
  };
  const ran = await runCommandWith({ terminal }, ...argv, '--data', data);
  return { ...ran, asked, progress };
}

async function count({ run }: SeededFleet, selector: string): Promise<number> {
  return Number((await run('node', 'count', ...selector.split(' '))).stdout);
}

describe('an action on several nodes', () => {
  test('shows how many and which, asks for their number, and tells the result of each', async () => {
    const fleet = await startFleet(twoShops);
    const { exitCode, stdout, stderr, asked, progress } = await runAsked(fleet, '3', 'node', 'revoke', 'label.shop=a');
    expect(stderr).toBe('This would revoke 3 nodes: a-1, a-2, a-3.\nOf 3 nodes: 3 revoked.\n');
    expect(asked).toEqual(['Type 3 to revoke them: ']);
    expect([exitCode, stdout]).toEqual([0, 'NAME  OUTCOME  REASON\na-1   done\na-2   done\na-3   done\n']);
    expect(progress).toEqual(['3 of 3 nodes: 3 revoked', '']);
    expect(await count(fleet, 'state:revoked')).toBe(3);
    expect(await count(fleet, 'state:pending')).toBe(1);
  });

  test('takes a selector of several words without quotes', async () => {
    const fleet = await startFleet(twoShops);
    const { stderr } = await fleet.run('node', 'revoke', 'label.shop=a', '-label.canary', '--count', '2');
    expect(stderr).toBe('This would revoke 2 nodes: a-1, a-3.\nOf 2 nodes: 2 revoked.\n');
    expect(await fleet.run('node', 'revoke', 'a-1', 'b-1')).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('There is no node "a-1 b-1".'),
    });
  });

  test('says for each node what speaks against a command', async () => {
    const fleet = await startFleet(twoShops);
    const { stdout } = await fleet.run('node', 'command', 'label.shop:a,b -name:a-2,a-3', 'reboot', '--yes', '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      results: [
        { name: 'a-1', outcome: 'done' },
        { name: 'b-1', outcome: 'done', reason: expect.stringContaining('It waits for approval') },
      ],
    });
  });

  test.each(['2', '', 'yes', undefined])('does nothing if the person answers %j', async (answer) => {
    const fleet = await startFleet(twoShops);
    const { exitCode, stdout, stderr } = await runAsked(fleet, answer, 'node', 'revoke', 'label.shop=a');
    expect([exitCode, stdout]).toEqual([1, '']);
    expect(stderr).toContain('Nothing has changed.');
    expect(await count(fleet, 'state:revoked')).toBe(0);
  });

  test('needs a confirmation on the command line where nobody can be asked', async () => {
    const fleet = await startFleet(twoShops);
    expect(await fleet.run('node', 'revoke', 'label.shop=a')).toMatchObject({
      exitCode: 2,
      stdout: '',
      stderr: expect.stringContaining('Give --count 3 to revoke them, or --yes for any number.'),
    });
    for (const flags of [
      ['--count', '2'],
      ['--count', '2', '--yes'],
    ]) {
      expect(await fleet.run('node', 'revoke', 'label.shop=a', ...flags)).toMatchObject({
        exitCode: 1,
        stderr: expect.stringContaining('--count is 2, but it is about 3 nodes. Nothing has changed.'),
      });
    }
    expect(await count(fleet, 'state:revoked')).toBe(0);
    expect(await fleet.run('node', 'revoke', 'label.shop=a', '--count', '3')).toMatchObject({ exitCode: 0 });
    expect(await fleet.run('node', 'unrevoke', 'state:revoked', '-y')).toMatchObject({ exitCode: 0 });
    expect(await count(fleet, 'state:revoked')).toBe(0);
  });

  test('exits with 1 if it failed for a node, and says why', async () => {
    const fleet = await startFleet(twoShops);
    await fleet.run('node', 'revoke', 'a-2');
    const { exitCode, stdout, stderr } = await fleet.run('node', 'approve', 'registered<1h', '--count', '4');
    expect(exitCode).toBe(1);
    expect(stderr).toContain('Of 4 nodes: 1 approved, 2 unchanged, 1 failed.');
    expect(stdout).toMatch(/^b-1 +done\n(a-[13] +skipped +It is so already\n){2}a-2 +failed +Node \S+ is revoked\n$/m);
  });

  test('gives programs all results as JSON', async () => {
    const fleet = await startFleet(twoShops);
    const { stdout } = await fleet.run('node', 'label', 'label.shop=a', 'role=till', 'canary-', '--yes', '--json');
    const { results, ...others } = JSON.parse(stdout) as { results: { nodeId: string; outcome: string }[] };
    expect(others).toEqual({
      jobId: expect.any(String),
      selector: 'label.shop=a',
      nodes: 3,
      done: 3,
      failed: 0,
      skipped: 0,
    });
    expect(results.map(({ nodeId }) => nodeId).toSorted()).toEqual(['a-1', 'a-2', 'a-3'].map(fleet.nodeId).toSorted());
    expect(await count(fleet, 'label.role=till -label.canary')).toBe(3);
  });

  test('on a selector of one node needs no confirmation, but must be of one if its number is given', async () => {
    const fleet = await startFleet(twoShops);
    expect(await fleet.run('node', 'approve', 'state:pending', '--count', '2')).toMatchObject({ exitCode: 1 });
    expect(await fleet.run('node', 'approve', 'state:pending', '--json')).toMatchObject({
      exitCode: 0,
      stderr: expect.stringMatching(/^Node b-1 \(\S+\) with the approval code \S+ is approved\./),
    });
    expect(await count(fleet, 'approval=pending')).toBe(0);
  });

  test('is refused for a selector that matches no node, one that cannot be read, and for words alone', async () => {
    const fleet = await startFleet(twoShops);
    const revoke = (selector: string): Promise<CommandRun> => fleet.run('node', 'revoke', selector, '--yes');
    expect(await revoke('label.shop=c')).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('No node matches label.shop=c. Nothing has changed.'),
    });
    expect(await revoke('stat:offline')).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('column 1') });
    expect(await revoke('a-')).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('There is no node "a-".'),
    });
    expect(await count(fleet, 'state:revoked')).toBe(0);
  });

  test('stops at Ctrl-C, and tells how many were not begun', async () => {
    const fleet = await startFleet(twoShops);
    const { exitCode, stderr } = await runCommandWith(
      { trapSignals: () => AbortSignal.abort() },
      'node',
      'rotate',
      'label.shop=a',
      '--yes',
      '--data',
      fleet.data,
    );
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining('Of 3 nodes: 0 to get new tokens')]);
    expect(stderr).toContain('3 not begun');
    const [job] = await fleet.fleet.listBulk();
    expect(job?.job).toMatchObject({ stoppedAtMs: expect.any(Number), endedAtMs: expect.any(Number) });
  });

  test.each([
    ['forget', [], 'label.shop=a', 0],
    ['updates', ['gated'], 'label.shop=a', 3],
    ['command', ['blink'], 'label.shop=a', 3],
    ['rotate', [], 'label.shop=a', 3],
  ])('can be %s', async (command, argv, selector, left) => {
    const fleet = await startFleet(twoShops);
    const { exitCode } = await fleet.run('node', command, selector, ...argv, '--count', '3');
    expect([exitCode, await count(fleet, selector)]).toEqual([0, left]);
    const kinds = (await fleet.fleet.listEvents({ limit: 5 })).map(({ kind }) => kind);
    expect(kinds[0]).toBe('bulk-ended');
    expect(kinds.slice(1, 4)).toEqual(Array.from({ length: 3 }, () => expect.stringMatching(/^(node|command)-/)));
  });

  test('is not possible for what is about one node', async () => {
    const fleet = await startFleet(twoShops);
    for (const argv of [
      ['rotate', 'label.shop=a', '--leaked'],
      ['command', 'label.shop=a', 'blink', '--wait'],
    ]) {
      expect(await fleet.run('node', ...argv, '--yes')).toMatchObject({
        exitCode: 2,
        stderr: expect.stringContaining('match label.shop=a'),
      });
    }
  });
});

test('what was done is by the user of this machine who did it', async () => {
  const fleet = await startFleet(twoShops);
  await fleet.run('node', 'revoke', 'a-1');
  await fleet.run('node', 'approve', 'b-1');
  const { stdout } = await fleet.run(
    'events',
    '--audit',
    '--kind',
    'node-revoked,node-approved',
    '--columns',
    'node,what,who',
  );
  expect(stdout).toMatch(/^b-1 +was approved +cli:\S+\na-1 +was revoked +cli:\S+\n$/m);
});
