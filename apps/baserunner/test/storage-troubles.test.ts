import { chmod, chown, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { describe, expect, test } from 'vitest';
import type { Program } from '@serve.zone/baseos-testing/processes/program';
import {
  canMount,
  mountFileSystem,
  type MountedFileSystem,
  unlessMountable,
} from '@serve.zone/baseos-testing/files/file-system-mount';
import { runAsUserFlag } from '@serve.zone/baseos-testing/processes/node-flags';
import type { Rig } from './rig.js';
import { useRig } from './use-rig.js';

let rig: Rig;
useRig((opened) => {
  rig = opened;
});

async function enrol(): Promise<string> {
  const agent = rig.start(rig.env({ BASEOS_JOIN_TOKEN: await rig.createJoinToken() }));
  const { nodeId } = await rig.event('heartbeat-received', ({ sequence }) => sequence === 2);
  expect(await agent.end()).toEqual({ code: 0, signal: null });
  return nodeId;
}

async function expectLiving(agent: Program): Promise<void> {
  expect(agent.isRunning).toBe(true);
  expect(await agent.end()).toEqual({ code: 0, signal: null });
}

async function contents(): Promise<Record<string, string>> {
  const names = (await readdir(rig.stateDirectory)).filter((name) => name.startsWith('state.json'));
  const files = names.map(async (name) => [name, await readFile(join(rig.stateDirectory, name), 'utf8')] as const);
  return Object.fromEntries(await Promise.all(files));
}

/** Leaves no block free, until the file that it returns is removed. */
async function fillDisk({ path: mountPath }: MountedFileSystem): Promise<string> {
  const filler = join(mountPath, 'filler');
  for (let sizeKib = 256; sizeKib > 0; sizeKib -= 4) {
    const isWritten = await writeFile(filler, Buffer.alloc(sizeKib * 1024)).then(
      () => true,
      () => false,
    );
    if (isWritten) break;
  }
  return filler;
}

describe.runIf(canMount)(`a full disk${unlessMountable}`, () => {
  test('keeps a new device from registering, is reported, and no longer matters once there is room', async () => {
    await using mounted = await mountFileSystem(rig.stateDirectory, 64);
    const filler = await fillDisk(mounted);
    const agent = rig.start(rig.env({ BASEOS_JOIN_TOKEN: await rig.createJoinToken() }));
    await agent.logged(/error .*disk of .*state is full\..* Free some space/);
    await agent.logged(/does not register/);
    expect(rig.events.entries).toEqual([]);
    await rm(filler);
    const { nodeId } = await rig.event('heartbeat-received');
    expect((await readFile(rig.statePath, 'utf8')).includes(nodeId)).toBe(true);
    expect(rig.eventsOf('node-registered')).toHaveLength(1);
    await expectLiving(agent);
  });

  test('stops no heartbeat of an enrolled device, and loses nothing stored', async () => {
    await using mounted = await mountFileSystem(rig.stateDirectory, 64);
    const nodeId = await enrol();
    await fillDisk(mounted);
    const before = await contents();
    const agent = rig.start(rig.env());
    expect((await rig.nextHeartbeat()).nodeId).toBe(nodeId);
    await expectLiving(agent);
    expect(await contents()).toEqual(before);
  });
});

describe.runIf(canMount)(`a read-only file system${unlessMountable}`, () => {
  test('stops no heartbeat of an enrolled device, and is reported', async () => {
    await using mounted = await mountFileSystem(rig.stateDirectory, 64);
    const nodeId = await enrol();
    await mounted.makeReadOnly();
    const agent = rig.start(rig.env());
    expect((await rig.nextHeartbeat()).nodeId).toBe(nodeId);
    await agent.logged(/error .*is on a read-only file system\..* Mount a writable volume/);
    const { notices } = await rig.status(rig.env());
    expect(notices.map(({ message }) => message).join()).toContain('read-only');
    await expectLiving(agent);
  });

  test('keeps a new device from registering until it becomes writable', async () => {
    await using mounted = await mountFileSystem(rig.stateDirectory, 64);
    await mounted.makeReadOnly();
    const agent = rig.start(rig.env({ BASEOS_JOIN_TOKEN: await rig.createJoinToken() }));
    await agent.logged(/error .*read-only.*does not register/);
    expect(rig.events.entries).toEqual([]);
    await mounted.makeWritable();
    await rig.event('heartbeat-received');
    await expectLiving(agent);
  });
});

describe.runIf(process.getuid?.() === 0)('a state directory of another user', () => {
  const nobody = 65_534;

  /** As an unprivileged user, to whom the test has given access to the program and the run directory. */
  const startAsNobody = async (): Promise<Program> => {
    await Promise.all([chmod(dirname(rig.cliPath), 0o755), chmod(rig.folder, 0o755)]);
    await rm(rig.runDirectory, { recursive: true, force: true });
    await mkdir(rig.runDirectory);
    await chown(rig.runDirectory, nobody, nobody);
    return rig.start(rig.env(), [runAsUserFlag(nobody)]);
  };

  test('stays untouched, and with the exact reported fix, the same node continues on its own', async () => {
    const nodeId = await enrol();
    const before = await contents();
    const heartbeats = rig.events.entries.length;
    const agent = await startAsNobody();
    await agent.logged(new RegExp(`error .*chown -R ${nobody}:${nobody} ${rig.stateDirectory}`));
    expect(rig.events.entries).toHaveLength(heartbeats);
    expect(await contents()).toEqual(before);
    for (const name of Object.keys(before)) await chown(join(rig.stateDirectory, name), nobody, nobody);
    await chown(rig.stateDirectory, nobody, nobody);
    const heartbeat = await rig.event('heartbeat-received', undefined, heartbeats);
    expect(heartbeat.nodeId).toBe(nodeId);
    expect(rig.eventsOf('node-registered')).toHaveLength(1);
    await expectLiving(agent);
  });
});

describe('a state path', () => {
  test('with missing directories has them created, for this user only', async () => {
    await rm(rig.stateDirectory, { recursive: true });
    const statePath = join(rig.stateDirectory, 'deeper', 'state.json');
    rig.start(rig.env({ BASEOS_STATE_PATH: statePath, BASEOS_JOIN_TOKEN: await rig.createJoinToken() }));
    await rig.event('heartbeat-received');
    expect((await stat(dirname(statePath))).mode & 0o777).toBe(0o700);
    expect((await stat(statePath)).mode & 0o777).toBe(0o600);
  });

  test('that is a directory is reported with what to write instead, and registers nothing', async () => {
    await mkdir(rig.statePath);
    const agent = rig.start(rig.env({ BASEOS_JOIN_TOKEN: await rig.createJoinToken() }));
    await agent.logged(/error .*state\.json is a directory\. .*such as .*state\.json\/state\.json/);
    expect(rig.events.entries).toEqual([]);
    await expectLiving(agent);
    expect(await readdir(rig.statePath)).toEqual([]);
  });

  test('with a file among its directories is reported, and registers nothing', async () => {
    await rm(rig.stateDirectory, { recursive: true });
    await writeFile(rig.stateDirectory, 'a file');
    const agent = rig.start(rig.env({ BASEOS_JOIN_TOKEN: await rig.createJoinToken() }));
    await agent.logged(/error .*is a file, not a directory\..* Correct BASEOS_STATE_PATH/);
    expect(rig.events.entries).toEqual([]);
    await expectLiving(agent);
    expect(await readFile(rig.stateDirectory, 'utf8')).toBe('a file');
  });
});

describe('a state file of a newer agent that this one cannot read', () => {
  const fixture = new URL(
    '../../../packages/runner-core/test/fixtures/state/format-9-unreadable.json',
    import.meta.url,
  );

  test('stays unchanged, and the log says to run that version again', async () => {
    const text = await readFile(fixture, 'utf8');
    await writeFile(rig.statePath, text, { mode: 0o600 });
    const agent = rig.start(rig.env({ BASEOS_JOIN_TOKEN: await rig.createJoinToken() }));
    await agent.logged(/error .*written by a newer version of this agent \(format 9\).*Run the newer version again/);
    expect(rig.events.entries).toEqual([]);
    await expectLiving(agent);
    expect(await contents()).toEqual({ 'state.json': text });
  });
});
