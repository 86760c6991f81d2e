import { expect, describe, test } from 'vitest';
import { createEmulatedNode, type EmulatedNode } from '../../test/emulated-node.js';
import { type CommandRun, runCommand } from '../../test/run-command.js';
import { startServer } from '../../test/start-server.js';

/** A running server, a device, and the commands of an operator beside them. */
async function setUp({ requiresApproval = false } = {}) {
  const cloudly = await startServer();
  const { url, store, data } = cloudly;
  const { joinToken } = await cloudly.createJoinToken({ uses: 5, requiresApproval });
  const device = createEmulatedNode();
  const first = await device.register(url, joinToken);
  const node = (command: string, ...argv: string[]): Promise<CommandRun> =>
    runCommand('node', command, device.nodeId, '--data', data, ...argv);
  const beat = async (nodeToken = first.nodeToken ?? ''): Promise<number> =>
    (await device.heartbeat(url, nodeToken)).status;
  const register = (one: EmulatedNode = device) => one.register(url, joinToken);
  return { url, store, data, joinToken, device, first, node, beat, register };
}

/** As after two devices with one identity were heard in turn. */
async function suspect({ store, device }: Awaited<ReturnType<typeof setUp>>, otherBootId: string): Promise<void> {
  const stored = await store.findNode(device.nodeId);
  if (!stored) throw new Error('The device is not registered');
  await store.replaceNode({
    ...stored.node,
    cloneSuspectedAtMs: Date.UTC(2026, 0, 2),
    supersededBoots: [
      {
        bootId: otherBootId,
        lastSequence: 4,
        lastSeenAtMs: Date.UTC(2026, 0, 1),
        returned: { sequence: 5, atMs: Date.UTC(2026, 0, 2) },
      },
    ],
  });
}

const instant = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);

/** The cells of a table, its headings first. */
function rowsOf(table: string): string[][] {
  return table
    .trimEnd()
    .split('\n')
    .map((line) => line.split(/ {2,}/));
}

describe('node list', () => {
  test('shows people what each node is and when it was last seen, in lines of 80 characters', async () => {
    const { data, beat } = await setUp();
    await beat();
    const { exitCode, stdout, stderr } = await runCommand('node', 'list', '--data', data);
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(rowsOf(stdout)).toEqual([
      ['NAME', 'TYPE', 'AGENT', 'SUPERVISOR', 'RELEASE', 'STATE', 'SEEN'],
      ['4d1c0de', 'raspberrypi4-64', '0.1.0', '19.0.5', '414e65c', 'online', expect.stringMatching(/now|ago$/)],
    ]);
    expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
  });

  test('gives programs one JSON array, without a secret or a hash', async () => {
    const { data, device, store, first, beat } = await setUp();
    await beat();
    const { stdout } = await runCommand('node', 'list', '--data', data, '--json');
    expect(JSON.parse(stdout)).toEqual([
      {
        nodeId: device.nodeId,
        hostname: '4d1c0de',
        uuid: '4d1c0de4d1c0de4d1c0de4d1c0de4d1c',
        deviceType: 'raspberrypi4-64',
        osVersion: 'balenaOS 6.5.24+rev1',
        agentVersion: '0.1.0',
        supervisorState: 'available',
        supervisorVersion: '19.0.5',
        appId: 1_234_567,
        commit: '414e65cd378a69a96f403b75f14b40b5',
        updateState: 'idle',
        freeStoragePercent: 70,
        acceptedCommands: [],
        labels: {},
        state: 'online',
        cloneSuspected: false,
        joinTokenId: expect.any(String),
        registeredAt: instant,
        lastHeartbeatAt: instant,
        alerts: [],
      },
    ]);
    const { registrationKeyHash, currentToken } = (await store.findNode(device.nodeId))?.node ?? {};
    for (const secret of [registrationKeyHash, currentToken?.hash, first.nodeToken])
      expect(stdout).not.toContain(secret);
  });

  test('gives spreadsheets CSV', async () => {
    const { data, device, beat } = await setUp();
    await beat();
    const { stdout } = await runCommand('node', 'list', '--csv', '--columns', 'id,os,storage,seen', '--data', data);
    expect(stdout).toMatch(
      new RegExp(`^id,os,storage,seen\\n${device.nodeId},balenaOS 6\\.5\\.24\\+rev1,70,\\d{4}-\\S+Z\\n$`),
    );
  });

  test('prints an empty array for an empty fleet', async () => {
    const { data } = await startServer();
    expect((await runCommand('node', 'list', '--data', data, '--json')).stdout).toBe('[]\n');
  });
});

describe('node show', () => {
  test('prints what is known about a node, one line each', async () => {
    const { node, device, beat } = await setUp();
    await beat();
    const { exitCode, stdout } = await node('show');
    expect(exitCode).toBe(0);
    expect(stdout).toContain(`Node            ${device.nodeId}\n`);
    expect(stdout).toMatch(/^State {11}online, last seen (just now|\d+ s ago)$/m);
    expect(stdout).toMatch(/^Events {10}.*: registered with join token \S+$/m);
    expect(stdout).toContain(`Approval code   ${await device.approvalCode()}\n`);
    expect(stdout).toMatch(/^Agent {11}baserunner \S+ on node \S+$/m);
    expect(stdout).toMatch(/^Supervisor {6}available \d+\.\d+\.\d+$/m);
  });

  test('gives programs the status and the vitals that the node sent, and its commands', async () => {
    const { node, device, store, beat } = await setUp();
    await beat();
    await store.addCommand(device.nodeId, { id: 'c1', kind: 'reboot', queuedAtMs: 1, expiresAtMs: 2 });
    expect((await node('show')).stdout).toContain(': expired before it was sent to the node\n');
    const shown: unknown = JSON.parse((await node('show', '--json')).stdout);
    expect(shown).toMatchObject({
      nodeId: device.nodeId,
      status: { agent: { name: 'baserunner' } },
      vitals: { failedHeartbeats: expect.any(Number) },
      commands: [{ id: 'c1', kind: 'reboot', state: 'expired' }],
    });
  });

  test('accepts a UUID in upper case', async () => {
    const { data, device } = await setUp();
    const { exitCode } = await runCommand('node', 'show', device.nodeId.toUpperCase(), '--data', data);
    expect(exitCode).toBe(0);
  });
});

describe('an unknown node', () => {
  test.each(['show', 'approve', 'revoke', 'unrevoke', 'rebind', 'resolve', 'forget', 'rotate'])(
    'causes exit code 1 of node %s',
    async (command) => {
      const { data } = await startServer();
      expect(await runCommand('node', command, 'till-7', '--data', data)).toEqual({
        exitCode: 1,
        stdout: '',
        stderr: expect.stringContaining('There is no node "till-7". `node list` shows all of them.'),
      });
    },
  );
});

describe('node approve', () => {
  test('admits a waiting node', async () => {
    const { node, device, register, first } = await setUp({ requiresApproval: true });
    expect(first.status).toBe(202);
    const { exitCode, stderr } = await node('approve');
    expect([exitCode, stderr]).toEqual([0, expect.stringContaining(`${await device.approvalCode()} is approved`)]);
    expect((await register()).status).toBe(200);
    expect((await node('approve')).stderr).toContain('is already approved');
  });

  test('admits only the device with the given code', async () => {
    const { node, device, register } = await setUp({ requiresApproval: true });
    const wrong = await node('approve', '--code', '00000000');
    expect([wrong.exitCode, wrong.stderr]).toEqual([1, expect.stringContaining('The node is not approved')]);
    expect((await register()).status).toBe(202);
    const right = await node('approve', '--code', (await device.approvalCode()).toLowerCase(), '--json');
    expect(JSON.parse(right.stdout)).toMatchObject({ nodeId: device.nodeId, state: 'never-seen', approvedAt: instant });
    expect((await register()).status).toBe(200);
  });

  test('leaves a revoked node unchanged', async () => {
    const { node } = await setUp({ requiresApproval: true });
    await node('revoke');
    expect(await node('approve')).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('Lift the revocation first'),
    });
    expect(JSON.parse((await node('show', '--json')).stdout)).not.toHaveProperty('approvedAt');
  });
});

test('node revoke shuts a node out at once, and node unrevoke reverses it', async () => {
  const { node, beat } = await setUp();
  expect(await beat()).toBe(200);
  expect(await node('unrevoke')).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('is not revoked') });
  expect((await node('revoke')).stderr).toContain('is revoked');
  expect(await beat()).toBe(410);
  expect(await node('revoke')).toMatchObject({ exitCode: 0, stderr: expect.stringContaining('already revoked') });
  expect((await node('unrevoke')).exitCode).toBe(0);
  expect(await beat()).toBe(200);
});

test('node rebind lets another device take the place of a node, once', async () => {
  const { node, device, register, beat } = await setUp();
  const replacement = createEmulatedNode(device.nodeId);
  expect((await register(replacement)).status).toBe(409);
  for (const flags of [[], ['--code', 'ABCD1234']]) {
    const { exitCode, stderr } = await node('rebind', ...flags);
    expect([exitCode, stderr]).toEqual([
      2,
      expect.stringContaining('Give the approval code of the other device with --code'),
    ]);
  }
  const code = await replacement.approvalCode();
  const { stderr: told } = await node('rebind', '--code', code.toLowerCase().replaceAll('-', ''));
  expect(told).toContain(`the device with the approval code ${code} takes over node 4d1c0de (${device.nodeId})`);
  expect((await register(replacement)).status).toBe(200);
  expect(await beat()).toBe(401);
  expect((await register()).status).toBe(409);
});

describe('node resolve', () => {
  test('says that there is nothing to resolve', async () => {
    const { node } = await setUp();
    expect(await node('resolve', '--keep', 'x')).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('There is nothing to resolve'),
    });
  });

  test.each([[[]], [['--keep', 'neither']]])('asks with %j which process stays, and changes nothing', async (flags) => {
    const all = await setUp();
    const other = crypto.randomUUID();
    await suspect(all, other);
    const { exitCode, stderr } = await all.node('resolve', ...flags);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`${all.device.bootId} (last seen at its registration)`);
    expect(stderr).toContain(`${other} (last seen 2026-01-02T00:00:00.000Z)`);
    expect(JSON.parse((await all.node('show', '--json')).stdout)).toMatchObject({ cloneSuspected: true });
  });

  test('shuts the other device out', async () => {
    const all = await setUp();
    await suspect(all, all.device.bootId);
    const { node, device, beat, store } = all;
    const stored = await store.findNode(device.nodeId);
    const copy = crypto.randomUUID();
    if (stored) await store.replaceNode({ ...stored.node, bootId: copy });
    const { exitCode, stdout } = await node('resolve', '--keep', copy, '--json');
    expect([exitCode, JSON.parse(stdout)]).toMatchObject([0, { cloneSuspected: false, bootId: copy }]);
    expect(await beat()).toBe(401);
  });
});

describe('node rotate', () => {
  test('replaces the token at the next heartbeat, and keeps the old one until then', async () => {
    const { node, device, beat, store } = await setUp();
    expect((await node('rotate')).stderr).toContain('gets a new token with its next heartbeat');
    expect(await beat()).toBe(200);
    expect((await store.findNode(device.nodeId))?.node.nextToken).toBeDefined();
  });

  test('with --leaked invalidates the tokens at once, and the node returns with its key', async () => {
    const { node, beat, register } = await setUp();
    expect((await node('rotate', '--leaked')).stderr).toContain(
      'are revoked. The node re-enrols with its registration key',
    );
    expect(await beat()).toBe(401);
    expect(await beat((await register()).nodeToken)).toBe(200);
  });

  test('has no token to replace for a node that waits or is revoked', async () => {
    const { node } = await setUp({ requiresApproval: true });
    expect(await node('rotate')).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('no token to replace') });
    await node('revoke');
    expect(await node('rotate')).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('is revoked') });
  });
});

test('node forget frees the ID and invalidates the tokens', async () => {
  const { node, beat, register, device } = await setUp();
  expect(await node('forget')).toMatchObject({
    exitCode: 0,
    stdout: '',
    stderr: expect.stringContaining('is forgotten'),
  });
  expect(await beat()).toBe(401);
  expect((await node('show')).exitCode).toBe(1);
  expect((await register()).status).toBe(201);
  const told = await node('forget', '--json');
  expect(JSON.parse(told.stdout)).toEqual({ nodeId: device.nodeId, forgotten: true });
});
