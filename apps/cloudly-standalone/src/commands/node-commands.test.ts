import { openSqliteStore } from '@serve.zone/baseos-cloudly-handlers/sqlite';
import { describe, expect, onTestFinished, test } from 'vitest';
import { runCli } from '../run-cli.js';
import { createEmulatedNode } from '../../test/emulated-node.js';
import { commandContext, type CommandRun, runCommand } from '../../test/run-command.js';
import { startServer } from '../../test/start-server.js';

/** A running server, an enrolled device that accepts some commands, and the commands of an operator beside them. */
async function setUp({ acceptedCommands = ['blink', 'update', 'restart-service', 'preview'] } = {}) {
  const cloudly = await startServer();
  const { url, data } = cloudly;
  const { joinToken } = await cloudly.createJoinToken({ uses: 1 });
  const device = createEmulatedNode();
  const { nodeId } = device;
  const { nodeToken = '' } = await device.register(url, joinToken);
  const status = { ...device.registration().status, acceptedCommands };
  const beat = (changes: object = {}) => device.heartbeat(url, nodeToken, changes);
  await beat({ status });
  // As another process would, on the file that the server has open.
  const store = openSqliteStore(data);
  onTestFinished(() => store.close());
  const node = (command: string, ...argv: string[]): Promise<CommandRun> =>
    runCommand('node', command, nodeId, ...argv, '--data', data);
  const queue = async (...argv: string[]): Promise<string> => (await node('command', ...argv)).stdout.trim();
  return { cloudly, device, nodeId, store, data, beat, node, queue };
}

describe('node command', () => {
  test('queues a command with all that it may have, and prints its ID', async () => {
    const { node, nodeId, store } = await setUp({ acceptedCommands: ['update', 'force'] });
    const order = ['update', '--app-id', '7', '--commit', 'a1b2c3', '--force', '--timeout', '2h', '--soak', '0s'];
    const { exitCode, stdout, stderr } = await node('command', ...order, '--expires', '7d');
    expect([exitCode, stderr]).toEqual([
      0,
      `Command ${stdout.trim()} (update in app 7 to a1b2c3 with force) is queued for node ${nodeId}.\n`,
    ]);
    const [command] = await store.listCommands(nodeId, 1);
    const asked = { kind: 'update', appId: 7, commit: 'a1b2c3', force: true, timeoutMs: 7_200_000, soakMs: 0 };
    expect(command).toMatchObject({ id: stdout.trim(), ...asked });
    expect(Number(command?.expiresAtMs) - Number(command?.queuedAtMs)).toBe(7 * 86_400_000);
  });

  test('asks with --preview only what would be done', async () => {
    const { node, beat } = await setUp();
    const { stdout } = await node('command', 'restart-service', '--service', 'main', '--preview', '--json');
    const of = { kind: 'restart-service', service: 'main' };
    expect(JSON.parse(stdout)).toMatchObject({ kind: 'preview', of, state: 'queued' });
    expect((await beat()).desiredState?.commands).toMatchObject([{ kind: 'preview', of }]);
  });

  test.each([
    [['sing'], 'The kind of command must be one of update, '],
    [['preview'], 'The kind of command must be one of update, '],
    [['restart-service'], 'restart-service must name a service.'],
    [
      ['reboot', '--service', 'main'],
      'Only restart-service, start-service, stop-service can name a service, not reboot.',
    ],
    [['reboot', '--commit', 'abc'], 'Only update can name a commit, not reboot.'],
    [['update', '--timeout', '0s'], '--timeout must be a duration from 1s to 7d'],
    [['update', '--soak', '25h'], '--soak must be a duration from 0s to 24h, such as 90s, 30m or 24h, but is "25h".'],
    [['update', '--expires', '8d'], '--expires must be a duration from 1s to 7d'],
    [['update', '--app-id', '0'], '--app-id must be a whole number from 1'],
  ])('is a mistake in its usage: %j', async (argv, message) => {
    const { node, nodeId, store } = await setUp();
    const { exitCode, stderr } = await node('command', ...argv);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining(message)]);
    expect(await store.listCommands(nodeId, 1)).toEqual([]);
  });

  test('warns where the node does not accept the kind, and queues it', async () => {
    const { node, beat } = await setUp();
    const { exitCode, stderr } = await node('command', 'reboot');
    expect([exitCode, stderr]).toEqual([0, expect.stringContaining('does not accept this kind of command')]);
    expect((await beat()).desiredState?.commands).toMatchObject([{ kind: 'reboot' }]);
  });

  test('warns where the node accepts the kind but no force', async () => {
    const { node, beat, device } = await setUp();
    expect((await node('command', 'update', '--force')).stderr).toContain('does not accept force');
    await beat({ status: { ...device.registration().status, acceptedCommands: ['update', 'force'] } });
    expect((await node('command', 'update', '--force')).stderr).not.toContain('does not accept');
  });

  test('refuses a seventeenth that is due', async () => {
    const { node, queue } = await setUp();
    for (let count = 0; count < 16; count += 1) await queue('blink');
    expect(await node('command', 'blink')).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: expect.stringContaining('has 16 commands that are due. It is sent no more at a time.'),
    });
  });
});

describe('node command --wait', () => {
  /** Answers the commands of the node, a phase with each heartbeat, until there is a result. */
  async function carryOut({ beat }: Awaited<ReturnType<typeof setUp>>, result: object): Promise<void> {
    let id: string | undefined;
    await expect
      .poll(async () => (id = (await beat()).desiredState?.commands?.[0]?.id), { timeout: 60_000 })
      .toBeDefined();
    await beat({ runningCommand: { id, phase: 'downloading', progressPercent: 40 } });
    await new Promise((resolve) => void setTimeout(resolve, 1500));
    await beat({ commandResults: [{ id, ...result }] });
  }

  test('follows the phases, and ends with 0 once the command has succeeded', async () => {
    const all = await setUp();
    const [run] = await Promise.all([
      all.node('command', 'update', '--wait'),
      carryOut(all, { outcome: 'succeeded', durationMs: 12_000, details: { commit: 'abc', changed: true } }),
    ]);
    expect([run.exitCode, run.stdout]).toEqual([0, 'commit: abc\nchanged: true\n']);
    const lines = run.stderr.trim().split('\n').slice(1);
    expect(lines[0]).toMatch(/^(queued|listed): /);
    expect(lines.slice(-2)).toEqual([
      expect.stringMatching(/^running: downloading 40 % for \d s$/),
      'succeeded after 12 s',
    ]);
  });

  test('is taken up again by its ID, from the start and once it is over', async () => {
    const all = await setUp();
    const id = await all.queue('update');
    const [run] = await Promise.all([
      all.node('commands', id.toUpperCase(), '--wait'),
      carryOut(all, { outcome: 'succeeded', details: { commit: 'abc' } }),
    ]);
    expect([run.exitCode, run.stdout]).toEqual([0, 'commit: abc\n']);
    expect(run.stderr).toMatch(/^running: downloading 40 %/m);
    expect(await all.node('commands', id, '--wait')).toMatchObject({ exitCode: 0, stderr: 'succeeded\n' });
    expect(await all.node('commands', '--wait')).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('--wait needs the ID of a command.'),
    });
  });

  test('ends with 1 if the command has not succeeded, and gives programs the whole command', async () => {
    const all = await setUp();
    const error = { code: 'locked', message: 'main holds a lock' };
    const [run] = await Promise.all([
      all.node('command', 'update', '--wait', '--json'),
      carryOut(all, { outcome: 'failed', error }),
    ]);
    expect([run.exitCode, run.stderr]).toEqual([1, expect.stringContaining('failed (locked: main holds a lock)\n')]);
    expect(JSON.parse(run.stdout)).toMatchObject({
      kind: 'update',
      state: 'failed',
      result: { outcome: 'failed', error },
    });
  });
});

test('node command --wait leaves the command as it is when a signal ends the waiting', async () => {
  const { nodeId, data, store } = await setUp();
  const ending = new AbortController();
  const written: string[] = [];
  const exitCode = await runCli(['node', 'command', nodeId, 'update', '--wait', '--data', data], {
    ...commandContext(),
    stderr: {
      write(text) {
        written.push(text);
        if (text.startsWith('queued:')) ending.abort();
      },
    },
    trapSignals: () => ending.signal,
  });
  const [command] = await store.listCommands(nodeId, 1);
  expect([exitCode, written.at(-1)]).toEqual([1, expect.stringContaining(`node cancel ${nodeId} ${command?.id}`)]);
  expect(written.at(-1)).toContain(`node commands ${nodeId} ${command?.id} --wait`);
  expect(command).not.toHaveProperty('cancelledAtMs');
});

describe('node commands', () => {
  test('shows people where each command stands, the newest first', async () => {
    const { node, queue, beat } = await setUp();
    const first = await queue('restart-service', '--service', 'main');
    await beat({
      commandResults: [{ id: first, outcome: 'refused', error: { code: 'own-agent', message: 'It is me' } }],
    });
    const second = await queue('blink');
    const { exitCode, stdout } = await node('commands', '--wide');
    expect(exitCode).toBe(0);
    const [headings, ...rows] = stdout
      .trim()
      .split('\n')
      .map((line) => line.split(/ {2,}/));
    expect(headings).toEqual(['ID', 'COMMAND', 'QUEUED', 'STATE']);
    expect(rows).toEqual([
      [second, 'blink', expect.any(String), 'queued: the node receives it with its next heartbeat'],
      [first, 'restart-service of main', expect.any(String), 'refused (own-agent: It is me)'],
    ]);
    expect(JSON.parse((await node('commands', '--json')).stdout)).toMatchObject([
      { id: second, state: 'queued' },
      { id: first, state: 'refused', result: { outcome: 'refused' } },
    ]);
    expect((await node('commands', first.slice(0, 8))).stdout.trim().split('\n')).toHaveLength(2);
    const narrow = (await node('commands')).stdout.trimEnd().split('\n');
    expect(narrow[1]).toMatch(new RegExp(`^${second.slice(0, 8)}  blink .*  queued: the node receives it .*…$`));
    expect(narrow.filter((line) => line.length > 80)).toEqual([]);
    expect(JSON.parse((await node('commands', first, '--json')).stdout)).toMatchObject({ id: first, state: 'refused' });
  });
});

describe('node cancel', () => {
  test('cancels a command that has not begun', async () => {
    const { node, queue, beat } = await setUp();
    const [queued, listed] = [await queue('blink'), await queue('update')];
    expect(await node('cancel', queued.toUpperCase())).toMatchObject({
      exitCode: 0,
      stderr: expect.stringContaining('It was never sent to the node.'),
    });
    await beat();
    const { exitCode, stdout, stderr } = await node('cancel', listed, '--json');
    expect([exitCode, stderr]).toEqual([0, expect.stringContaining('has not reported that it has begun')]);
    expect(JSON.parse(stdout)).toMatchObject({ id: listed, state: 'cancelled' });
    expect((await beat()).desiredState?.commands).toEqual([]);
  });

  test('says that it changes nothing for a command that has begun, or is over', async () => {
    const { node, queue, beat } = await setUp();
    const id = await queue('update');
    await beat();
    await beat({ runningCommand: { id, phase: 'installing' } });
    expect(await node('cancel', id)).toMatchObject({
      exitCode: 1,
      stderr: expect.stringMatching(
        /has already begun, and continues \(running: installing.*Cancelling it changes nothing/,
      ),
    });
    expect((await node('commands', '--wide')).stdout).toContain('it had begun before it was cancelled');
    await beat({ commandResults: [{ id, outcome: 'succeeded' }] });
    expect(await node('cancel', id)).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('is already over (succeeded). Nothing has changed.'),
    });
  });

  test('says that there is no such command', async () => {
    const { node, nodeId } = await setUp();
    expect(await node('cancel', 'c1')).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining(`Node ${nodeId} has no command c1.`),
    });
  });
});

describe('node updates', () => {
  test('is in every answer from then on, and shown with what the device says', async () => {
    const { node, device, beat, data } = await setUp();
    expect((await node('updates', 'gated')).stderr).toContain('are gated from its next heartbeat on: releases wait');
    expect((await node('updates', 'gated')).stderr).toContain('are gated, as before');
    expect((await beat()).desiredState).toEqual({ settings: { updates: 'gated' }, commands: [] });
    const updates = { mode: 'gated', gate: 'closed', staged: 'a1b2c3', reason: 'Waits for Cloudly' };
    const runningCommand = { id: crypto.randomUUID(), phase: 'waiting-for-lock' };
    await beat({ status: { ...device.registration().status, updates }, runningCommand });
    expect((await node('show')).stdout).toMatch(
      /^Updates {2,}gated, gate closed, release a1b2c3 waits \(Waits for Cloudly\); set to gated by an operator$/m,
    );
    const list = await runCommand('node', 'list', '--columns', 'update,mode,gate,staged', '--data', data);
    expect(list.stdout.split('\n')[1]?.split(/ {2,}/)).toEqual(['idle', 'gated', 'closed', 'a1b2c3']);
    expect(JSON.parse((await node('show', '--json')).stdout)).toMatchObject({ updates: { set: 'gated', ...updates } });
  });

  test('takes three modes alone', async () => {
    const { node } = await setUp();
    expect(await node('updates', 'off')).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('The mode must be one of gated, free, own, but is "off"'),
    });
  });
});

test('a node of before, which knows no command and no setting, ends each command as unsupported', async () => {
  const { node, queue, beat } = await setUp({ acceptedCommands: [] });
  const id = await queue('restart-service', '--service', 'main', '--timeout', '1m', '--soak', '10s');
  await node('updates', 'gated');
  const { desiredState } = await beat();
  expect(desiredState).toMatchObject({ settings: { updates: 'gated' }, commands: [{ id, timeoutMs: 60_000 }] });
  const answer = await beat({ commandResults: [{ id, outcome: 'unsupported' }] });
  expect([answer.status, answer.desiredState?.commands]).toEqual([200, []]);
  expect((await node('commands', '--wide')).stdout).toContain(
    'unsupported: the node does not know this kind of command',
  );
});
