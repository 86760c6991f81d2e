import { stepRollout } from '@serve.zone/baseos-cloudly-handlers';
import { describe, expect, test } from 'vitest';
import { runCommandWith } from '../../test/run-command.js';
import { type SeededFleet, startFleet, twoShops } from '../../test/start-fleet.js';

const update = ['update', 'label.shop=a', '--commit', 'c'.repeat(40)] as const;

/** A fleet, and what its server does about the rollout. */
async function setUp(): Promise<SeededFleet & { step: () => Promise<void>; heartbeat: () => Promise<void> }> {
  const seeded = await startFleet(twoShops);
  const heartbeat = async (): Promise<void> => {
    for (const node of seeded.nodes.slice(0, 3)) await node.heartbeat(seeded.cloudly.url, node.nodeToken, {});
  };
  const step = async (): Promise<void> => {
    const nowMs = Date.now();
    for (const { id } of await seeded.fleet.listRollouts()) {
      for (;;) {
        const stepped = await stepRollout(seeded.cloudly.store.as({ actor: 'system', nowMs }), id, { nowMs });
        if (stepped.outcome === 'unchanged') break;
      }
    }
  };
  await heartbeat();
  return { ...seeded, step, heartbeat };
}

describe('a rollout on the command line', () => {
  test('is made, shown, changed and begun', async () => {
    const { run } = await setUp();
    const made = await run(
      'rollout',
      'create',
      'autumn',
      ...update,
      '--waves',
      '1 manual; rest',
      '--max-in-flight',
      '2',
    );
    expect(made).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^[\da-f-]{36}\n$/) });
    expect(made.stderr).toContain('autumn: update to cccc');
    const { stdout: shown } = await run('rollout', 'show', 'autumn');
    expect(shown).toContain('a draft, which has not begun\n  wave 1  planned [....................] 0 of 0\n');
    expect(shown).toMatch(/^Waves {4}1 manual; rest$/m);
    expect(shown).toMatch(/^Limits {3}2 in flight; attempts: 1$/m);
    const window = ['--window', '0 2 * * *', '--open', '1h', '--per', 'shop=1'];
    expect((await run('rollout', 'change', 'autumn', ...window)).stderr).toContain('a draft, which has not begun');
    expect((await run('rollout', 'show', 'autumn')).stdout).toMatch(/^Window {3}0 2 \* \* \* in UTC, for 1 h$/m);
    await run('rollout', 'change', 'autumn', '--window', 'none', '--per', 'none');
    const started = await run('rollout', 'start', 'autumn');
    expect(started).toMatchObject({ exitCode: 0, stdout: '' });
    expect(started.stderr).toContain('Rollout autumn: running: wave 1 of 2');
    const [listed] = JSON.parse((await run('rollout', 'list', '--json')).stdout) as object[];
    expect(listed).toMatchObject({ name: 'autumn', state: 'running', createdBy: expect.stringMatching(/^cli:/) });
    expect((await run('rollout', 'list', '--columns', 'name,nodes,state')).stdout).toBe(
      'NAME    NODES  STATE\nautumn  3      running\n',
    );
  });

  test('says what would become of it', async () => {
    const { run } = await setUp();
    await run('rollout', 'create', 'autumn', 'shutdown', 'label.shop=a', '--waves', '1 soak 5m manual; rest');
    const { stdout } = await run('rollout', 'preview', 'autumn');
    expect(stdout).toContain('autumn: 3 nodes, 0 of them not online now\n');
    expect(stdout).toContain('  wave 1  1 node, 1 online, then a soak of 5 min and your approval\n');
    expect(stdout).toContain('3 nodes do not accept this command: ');
    expect(stdout).toContain('Nobody knows when it would end: no such command has succeeded in the last week.\n');
    const preview = JSON.parse((await run('rollout', 'preview', 'autumn', '--json')).stdout) as object;
    expect(preview).toMatchObject({ memberCount: 3, prediction: { outcome: 'no-durations' } });
  });

  test('is paused, resumed and stopped, and shows its members', async () => {
    const { run, step } = await setUp();
    await run('rollout', 'create', 'autumn', ...update, '--waves', 'rest', '--max-in-flight', '3');
    await run('rollout', 'start', 'autumn');
    await step();
    expect((await run('rollout', 'pause', '--all')).stderr).toContain('Rollout autumn is paused.');
    expect((await run('rollout', 'pause', '--all')).stderr).toContain('No rollout runs.');
    const { stdout } = await run('rollout', 'members', 'autumn', '--columns', 'name,wave,state,why');
    const [heading, ...rows] = stdout.trimEnd().split('\n');
    expect(heading).toBe('NAME  WAVE  STATE  WHY');
    expect(rows.toSorted()).toEqual(
      ['a-1', 'a-2', 'a-3'].map((name) => `${name}   1     held   its command was withdrawn`),
    );
    expect((await run('rollout', 'members', 'autumn', '--state', 'failed')).stderr).toContain(
      'There are no such members.',
    );
    const why = await run('why', 'a-2');
    expect(why.stdout).toMatch(/^Rollout autumn: paused by cli:\S+, for \d+ s\.\n$/);
    expect((await run('rollout', 'resume', 'autumn')).stderr).toContain('running: wave 1 of 1');
    expect((await run('rollout', 'stop', 'autumn')).stderr).toContain('Rollout autumn: stopped');
    expect(await run('rollout', 'show', 'autumn', '--watch')).toMatchObject({ exitCode: 1 });
  });

  test('is watched to its end, a line for each change', async () => {
    const { cloudly, heartbeat, nodes, run, step } = await setUp();
    await run('rollout', 'create', 'autumn', ...update, '--waves', 'rest', '--max-in-flight', '3');
    await run('rollout', 'start', 'autumn');
    await step();
    const watching = run('rollout', 'show', 'autumn', '--watch');
    await heartbeat();
    for (const { nodeId } of nodes.slice(0, 3)) {
      const [command] = await cloudly.store.listCommands(nodeId, 1);
      if (!command) throw new TypeError('It has a command');
      await cloudly.store.saveCommandResults(nodeId, [{ id: command.id, outcome: 'succeeded' }], Date.now());
    }
    await step();
    const { exitCode, stdout } = await watching;
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/Z finished; 3 of 3 ended: 3 succeeded\n$/);
  });

  test('is a picture in its place on a terminal', async () => {
    const { data, run } = await setUp();
    await run('rollout', 'create', 'autumn', ...update);
    await run('rollout', 'stop', 'autumn');
    const pictures: (readonly string[])[] = [];
    const terminal = {
      readInput: async () => '',
      columns: 30,
      showPicture: (lines: readonly string[]) => void pictures.push(lines),
    };
    await runCommandWith({ terminal }, 'rollout', 'show', 'autumn', '--watch', '--data', data);
    expect(pictures).toEqual([
      ['autumn: update to ccccccccccc…', 'stopped', ...[1, 2, 3].map((wave) => `  wave ${wave}  planned [..........…`)],
    ]);
  });

  test.each([
    [['rollout', 'show', 'autum'], 1, 'There is no rollout "autum". Did you mean "autumn"?'],
    [['rollout', 'pause'], 2, 'Name one rollout, or give --all.'],
    [['rollout', 'resume', 'autumn', '--failed', 'ignore'], 2, '--failed must be one of retry, leave-out'],
    [['rollout', 'create', 'x', 'update'], 2, 'The update of a rollout must name the commit of its release'],
    [
      ['rollout', 'create', 'x', 'blink', '--waves', '1'],
      2,
      'Wave 1 is the last one, which takes all nodes that are left',
    ],
    [['rollout', 'create', 'x', 'blink', '--per', 'site'], 2, '--per must be a label and a number'],
    [['rollout', 'create', 'x', 'blink', '--window', '0 2 * * *'], 2, '--window needs --open'],
    [['rollout', 'create', 'x', 'blink', '--zone', 'UTC'], 2, '--zone and --open are of a --window'],
    [['rollout', 'create', 'x', 'blink', '--per', 'none'], 2, 'There is nothing yet to remove with none'],
    [['rollout', 'approve', 'autumn'], 1, 'Rollout autumn is a draft. It needs no approval: start it.'],
    [['rollout', 'list', '--state', 'open'], 2, '--state must be one of draft, starting'],
    [['why', 'nobody'], 1, 'There is no node "nobody"'],
  ])('%j is a mistake', async (argv, exitCode, message) => {
    const { run } = await startFleet([]);
    await run('rollout', 'create', 'autumn', ...update);
    expect(await run(...argv)).toMatchObject({ exitCode, stderr: expect.stringContaining(message) });
  });
});
