import { chmod, chown, mkdir, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { describe, expect, test } from 'vitest';
import type { Program } from '@serve.zone/baseos-testing/processes/program';
import { canMount, mountFileSystem, unlessMountable } from '@serve.zone/baseos-testing/files/file-system-mount';
import { runAsUserFlag } from '@serve.zone/baseos-testing/processes/node-flags';
import type { Rig } from './rig.js';
import { useRig } from './use-rig.js';

let rig: Rig;
useRig((opened) => {
  rig = opened;
});

async function enrolledAgent(): Promise<{ agent: Program; nodeId: string }> {
  const agent = rig.start(rig.env({ BASEOS_JOIN_TOKEN: await rig.createJoinToken() }));
  const { nodeId } = await rig.event('heartbeat-received', ({ sequence }) => sequence === 2);
  return { agent, nodeId };
}

async function storedNodeId(): Promise<unknown> {
  const state: unknown = JSON.parse(await readFile(rig.statePath, 'utf8'));
  return (state as { nodeId?: unknown }).nodeId;
}

/** As a volume that is mounted elsewhere, which can be exchanged at once. */
async function makeStateDirectoryLink(target: string): Promise<void> {
  await rename(rig.stateDirectory, join(rig.folder, target));
  await symlink(target, rig.stateDirectory);
}

async function pointStateDirectoryTo(target: string): Promise<void> {
  const link = join(rig.folder, 'next-link');
  await symlink(target, link);
  await rename(link, rig.stateDirectory);
}

/** The identity that a restart would load. */
async function expectSameNodeAfterRestart(agent: Program, nodeId: string): Promise<void> {
  expect(await agent.end()).toEqual({ code: 0, signal: null });
  rig.start(rig.env());
  expect((await rig.nextHeartbeat()).nodeId).toBe(nodeId);
  expect(rig.eventsOf('node-registered')).toHaveLength(1);
}

describe('a state directory that is removed under a running agent', () => {
  test('is recreated with the same identity, is reported, and stops no heartbeat', async () => {
    const { agent, nodeId } = await enrolledAgent();
    await rm(rig.stateDirectory, { recursive: true });
    await agent.logged(/warn .*state\.json was missing\. The identity of this node is stored there again/);
    expect((await rig.nextHeartbeat()).nodeId).toBe(nodeId);
    expect(await storedNodeId()).toBe(nodeId);
    await expectSameNodeAfterRestart(agent, nodeId);
  });

  test('is locked again against a second agent', async () => {
    const { agent } = await enrolledAgent();
    await rm(rig.stateDirectory, { recursive: true });
    await agent.logged(/stored there again/);
    const second = rig.start(rig.env());
    await second.logged(/Another agent uses/);
    expect(second.stderr).not.toMatch(/acknowledged/);
    await agent.end();
    await second.logged(/acknowledged the first heartbeat/);
  });

  test('is reported once while a file is in its place, and recreated once that is gone', async () => {
    const { agent, nodeId } = await enrolledAgent();
    await rename(rig.stateDirectory, join(rig.folder, 'elsewhere'));
    await writeFile(rig.stateDirectory, '');
    await agent.logged(/error .*is a file, not a directory\..* Correct BASEOS_STATE_PATH/);
    const from = rig.events.entries.length;
    await rig.event('heartbeat-received', undefined, from + 2);
    expect(agent.stderr.match(/is a file, not a directory/g)).toHaveLength(1);
    await rm(rig.stateDirectory);
    await agent.logged(/stored there again|can be stored again/);
    expect(await storedNodeId()).toBe(nodeId);
    await expectSameNodeAfterRestart(agent, nodeId);
  });

  test('is reported while a dangling link is in its place', async () => {
    await makeStateDirectoryLink('one');
    const { agent, nodeId } = await enrolledAgent();
    await pointStateDirectoryTo('disk');
    await agent.logged(/error .*The symbolic link \S+ leads to disk, and \S+disk is missing\..* Mount or create/);
    await mkdir(join(rig.folder, 'disk'));
    await agent.logged(/stored there again/);
    expect(await storedNodeId()).toBe(nodeId);
    await agent.end();
  });
});

describe('a state file that replaces the one of a running agent', () => {
  test('of another node is used by the agent from then on, as after a restart', async () => {
    await makeStateDirectoryLink('one');
    const { agent } = await enrolledAgent();
    const other = { nodeId: 'node-of-a-backup', nodeToken: 'token-of-a-backup' };
    await mkdir(join(rig.folder, 'two'), { mode: 0o700 });
    await writeFile(join(rig.folder, 'two', 'state.json'), JSON.stringify(other), { mode: 0o600 });
    await pointStateDirectoryTo('two');
    await agent.logged(/The stored identity has changed\. The agent opens it again/);
    await rig.statusThat(rig.env(), ({ cloudly }) => cloudly.nodeId === other.nodeId);
    expect(await storedNodeId()).toBe(other.nodeId);
    await agent.end();
  });
});

describe.runIf(canMount)(`a volume${unlessMountable}`, () => {
  test('that is mounted after the start brings its own identity, and no new node', async () => {
    await using mounted = await mountFileSystem(rig.stateDirectory, 64);
    const { agent, nodeId } = await enrolledAgent();
    await agent.end();
    const kept = await readFile(rig.statePath);
    await mounted.unmount();
    await rm(rig.stateDirectory, { recursive: true });
    // Before the volume is mounted, its place is a link to the mount point.
    await symlink(join(rig.folder, 'disk', 'state'), rig.stateDirectory);
    const late = rig.start(rig.env({ BASEOS_JOIN_TOKEN: await rig.createJoinToken() }));
    await late.logged(/The symbolic link .* is missing/);
    const from = rig.events.entries.length;
    await mkdir(join(rig.folder, 'prepared', 'state'), { recursive: true, mode: 0o700 });
    await writeFile(join(rig.folder, 'prepared', 'state', 'state.json'), kept, { mode: 0o600 });
    await rename(join(rig.folder, 'prepared'), join(rig.folder, 'disk'));
    expect((await rig.event('heartbeat-received', undefined, from)).nodeId).toBe(nodeId);
    expect(rig.eventsOf('node-registered')).toHaveLength(1);
    await late.end();
  });

  test('that is read-only at start and later holds an identity is read, not overwritten', async () => {
    const { agent, nodeId } = await enrolledAgent();
    await agent.end();
    const kept = await readFile(rig.statePath);
    await using mounted = await mountFileSystem(rig.stateDirectory, 64);
    await mounted.makeReadOnly();
    const late = rig.start(rig.env({ BASEOS_JOIN_TOKEN: await rig.createJoinToken() }));
    await late.logged(/error .*read-only/);
    const from = rig.events.entries.length;
    // Where the agent's volume was covered by another one.
    await mounted.unmount();
    expect((await rig.event('heartbeat-received', undefined, from)).nodeId).toBe(nodeId);
    expect(await storedNodeId()).toBe(nodeId);
    expect((await readFile(rig.statePath)).equals(kept)).toBe(true);
    expect(rig.eventsOf('node-registered')).toHaveLength(1);
    await late.end();
  });

  test('that becomes read-only under a running agent is reported once, and so is its end', async () => {
    await using mounted = await mountFileSystem(rig.stateDirectory, 64);
    const { agent } = await enrolledAgent();
    await mounted.makeReadOnly();
    await agent.logged(/error .*is on a read-only file system\..* Mount a writable volume/);
    const from = rig.events.entries.length;
    await rig.event('heartbeat-received', undefined, from + 2);
    await mounted.makeWritable();
    await agent.logged(/The identity can be stored again/);
    expect(agent.stderr.match(/read-only/g)).toHaveLength(1);
    await agent.end();
  });

  test('that is unmounted under a running agent leaves the identity where the agent looks for it', async () => {
    await using mounted = await mountFileSystem(rig.stateDirectory, 64);
    const { agent, nodeId } = await enrolledAgent();
    await mounted.unmount();
    await agent.logged(/state\.json was missing/);
    expect(await storedNodeId()).toBe(nodeId);
    await expectSameNodeAfterRestart(agent, nodeId);
  });
});

describe.runIf(process.getuid?.() === 0)('a state directory that loses its permissions under a running agent', () => {
  const nobody = 65_534;

  test('is reported with the command to run, stops no heartbeat, and is used again afterwards', async () => {
    await Promise.all([chmod(join(rig.cliPath, '..'), 0o755), chmod(rig.folder, 0o755)]);
    await mkdir(rig.runDirectory, { recursive: true });
    await Promise.all([rig.stateDirectory, rig.runDirectory].map(async (path) => chown(path, nobody, nobody)));
    const flags = [runAsUserFlag(nobody)];
    const agent = rig.start(rig.env({ BASEOS_JOIN_TOKEN: await rig.createJoinToken() }), flags);
    const { nodeId } = await rig.event('heartbeat-received', ({ sequence }) => sequence === 2);
    await chown(rig.stateDirectory, 0, 0);
    await agent.logged(new RegExp(`error .*chown -R ${nobody}:${nobody} ${rig.stateDirectory}`));
    expect((await rig.nextHeartbeat()).nodeId).toBe(nodeId);
    await chown(rig.stateDirectory, nobody, nobody);
    await agent.logged(/The identity can be stored again/);
    await chmod(rig.stateDirectory, 0o500);
    await agent.logged(new RegExp(`error .*${rig.stateDirectory} is not accessible even to its owner.* chmod u\\+rwX`));
    await chmod(rig.stateDirectory, 0o700);
    expect((await stat(rig.statePath)).uid).toBe(nobody);
    await agent.end();
  });
});
