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

describe('node list', () => {
  test('shows people the state, the approval code and the last heartbeat of each node', async () => {
    const { data, device, beat } = await setUp();
    await beat();
    const { exitCode, stdout, stderr } = await runCommand('node', 'list', '--data', data);
    expect([exitCode, stderr]).toEqual([0, '']);
    const [headings, row, ...rest] = stdout.split('\n').map((line) => line.split(/ {2,}/));
    const before = ['NODE', 'STATE', 'PRESENCE', 'APPROVAL CODE', 'REGISTERED', 'LAST HEARTBEAT'];
    expect(headings).toEqual([...before, 'UPDATES', 'COMMAND']);
    expect(row).toEqual([
      device.nodeId,
      'active',
      'online',
      await device.approvalCode(),
      instant,
      instant,
      '-',
      'downloading',
    ]);
    expect(rest).toEqual([['']]);
  });

  test('gives programs the same as one JSON array, without a secret or a hash', async () => {
    const { data, device, store, first, beat } = await setUp();
    await beat();
    const { stdout } = await runCommand('node', 'list', '--data', data, '--json');
    expect(JSON.parse(stdout)).toEqual([
      {
        nodeId: device.nodeId,
        state: 'active',
        presence: 'online',
        approvalCode: await device.approvalCode(),
        joinTokenId: expect.any(String),
        registeredAt: instant,
        approvedAt: instant,
        currentToken: { id: first.nodeToken?.split('_')[1], issuedAt: instant },
        bootId: device.bootId,
        runningCommand: { id: expect.any(String), phase: 'downloading', progressPercent: 41 },
        lastHeartbeat: { receivedAt: instant, expectedBy: instant, bootId: device.bootId, sequence: 1 },
      },
    ]);
    const { registrationKeyHash, currentToken } = (await store.findNode(device.nodeId))?.node ?? {};
    for (const secret of [registrationKeyHash, currentToken?.hash, first.nodeToken])
      expect(stdout).not.toContain(secret);
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
    expect(stdout).toContain('State           active, online\n');
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
        stderr: expect.stringContaining('No node has the ID till-7. `node list` shows all of them.'),
      });
    },
  );

  test('causes exit code 2 if no node could have that ID', async () => {
    const { data } = await startServer();
    const { exitCode, stderr } = await runCommand('node', 'show', 'till 7', '--data', data);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('"till 7" is not a node ID')]);
  });
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
    expect(JSON.parse(right.stdout)).toMatchObject({ nodeId: device.nodeId, state: 'active', approvedAt: instant });
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
  expect(told).toContain(`the device with the approval code ${code} takes over node ${device.nodeId}`);
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
    expect(JSON.parse((await all.node('show', '--json')).stdout)).toMatchObject({ state: 'clone-suspected' });
  });

  test('shuts the other device out', async () => {
    const all = await setUp();
    await suspect(all, all.device.bootId);
    const { node, device, beat, store } = all;
    const stored = await store.findNode(device.nodeId);
    const copy = crypto.randomUUID();
    if (stored) await store.replaceNode({ ...stored.node, bootId: copy });
    const { exitCode, stdout } = await node('resolve', '--keep', copy, '--json');
    expect([exitCode, JSON.parse(stdout)]).toMatchObject([0, { state: 'active', bootId: copy }]);
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
