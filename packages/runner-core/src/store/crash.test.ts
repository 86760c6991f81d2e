import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { type Fault, MemoryFileSystem } from '../../test/memory-file-system.js';
import {
  copyPath,
  type Mutation,
  openOn,
  provePowerCut,
  type StateChange,
  statePath,
} from '../../test/power-cut-proof.js';
import type { FileSystem } from '../ports/file-system.js';
import { Secret } from '../values/secret.js';
import type { Enrolment, Identity } from '../identity/identity.js';

const cloudly = 'https://cloudly.example';
const elsewhere = 'https://elsewhere.example';

function enrolledWith(token: string, more: Partial<Enrolment> = {}) {
  return (identity: Identity): Identity => ({
    ...identity,
    enrolment: { origin: cloudly, cloudlyId: 'c1', legacy: false, nodeToken: new Secret(token), ...more },
  });
}

/** A disk on which a node has `token-1`. */
async function enrolledDisk(environment: Record<string, string> = {}) {
  const fileSystem = new MemoryFileSystem();
  const store = await openOn(fileSystem, environment);
  await store.update(enrolledWith('token-1'));
  return { fileSystem, nodeId: store.current.nodeId };
}

async function enrolled(more: Omit<StateChange, 'disk'>, environment = {}): Promise<StateChange> {
  return {
    disk: (await enrolledDisk(environment)).fileSystem.disk,
    ...more,
  };
}

/** As `enrolled`, of a disk with damage. */
async function damaged(damage: (disk: MemoryFileSystem) => unknown, more: Omit<StateChange, 'disk'> = {}) {
  const { fileSystem } = await enrolledDisk();
  damage(fileSystem);
  return { disk: fileSystem.disk, ...more };
}

async function anotherNodeId(missingPath?: string): Promise<StateChange> {
  const { fileSystem, nodeId } = await enrolledDisk();
  if (missingPath !== undefined) fileSystem.forget(missingPath);
  const environment = { BASEOS_NODE_ID: 'another-node' };
  return { disk: fileSystem.disk, environment, chance: ['nodeSecret'], keeps: [nodeId, 'token-1'] };
}

function edited(disk: MemoryFileSystem): string {
  return disk.text(statePath)?.replace('token-1', 'token-9') ?? '';
}

function refuseFirstWrites(code: string): Fault {
  let refusals = 1;
  return (call) => (call === 'createFile' && (refusals -= 1) >= 0 ? code : undefined);
}

const refuseCopy: Fault = (call, path) => (call === 'createFile' && path.startsWith(copyPath) ? 'ENOSPC' : undefined);

/** Every kind of change to the stored state. */
const changes: Record<string, () => Promise<StateChange>> = {
  'the first start': async () => ({ disk: new MemoryFileSystem().disk, chance: ['nodeId', 'nodeSecret'] }),
  'the first start under a given name': async () => ({
    disk: new MemoryFileSystem().disk,
    environment: { BASEOS_NODE_ID: 'shop-3', BASEOS_NODE_TOKEN: 'token-e', BALENA_DEVICE_UUID: 'device-1' },
    chance: ['nodeSecret'],
  }),
  'the registration key that is stored once there is room again': async () => ({
    disk: new MemoryFileSystem().disk,
    fault: refuseFirstWrites('ENOSPC'),
    updates: [(identity) => identity],
    chance: ['nodeId', 'nodeSecret'],
  }),
  'the first start, a registration and what follows it': async () => ({
    disk: new MemoryFileSystem().disk,
    updates: [
      enrolledWith('token-1'),
      enrolledWith('token-2', { previousNodeToken: new Secret('token-1') }),
      enrolledWith('token-2'),
    ],
    chance: ['nodeId', 'nodeSecret'],
  }),
  'a registration': async () => enrolled({ updates: [enrolledWith('token-2')] }),
  'a rotation': async () =>
    enrolled({ updates: [enrolledWith('token-2', { previousNodeToken: new Secret('token-1') })] }),
  'a rotation to a token that spans many sectors': async () =>
    enrolled({ updates: [enrolledWith('t'.repeat(4096), { previousNodeToken: new Secret('token-1') })] }),
  'a rotation without room for the last good copy': async () =>
    enrolled({ updates: [enrolledWith('token-2'), enrolledWith('token-3')], fault: refuseCopy }),
  'a rotation without room at the first attempt': async () =>
    enrolled({ updates: [enrolledWith('token-2'), enrolledWith('token-3')], fault: refuseFirstWrites('ENOSPC') }),
  'a revocation': async () =>
    enrolled({
      updates: [
        enrolledWith('token-1', {
          dormancy: { since: '2026-11-23T12:00:00Z', verdictOn: 'heartbeat', cloudlyUrl: `${cloudly}/` },
        }),
        enrolledWith('token-1'),
      ],
    }),
  'a token from the environment': async () => enrolled({ environment: { BASEOS_NODE_TOKEN: 'token-e' } }),
  'the first look at the UUID of the device': async () => enrolled({ environment: { BALENA_DEVICE_UUID: 'device-1' } }),
  'another node ID': async () => anotherNodeId(),
  'another node ID, with only the last good copy': async () => anotherNodeId(statePath),
  'another node ID, without a last good copy': async () => anotherNodeId(copyPath),
  'a copied disk': async () => {
    const { fileSystem, nodeId } = await enrolledDisk({ BALENA_DEVICE_UUID: 'device-1' });
    const environment = { BALENA_DEVICE_UUID: 'device-2' };
    return { disk: fileSystem.disk, environment, chance: ['nodeId', 'nodeSecret'], keeps: [nodeId, 'token-1'] };
  },
  'another Cloudly': async () =>
    enrolled({
      environment: { BASEOS_CLOUDLY_URL: elsewhere },
      updates: [enrolledWith('token-there', { origin: elsewhere })],
      keeps: ['token-1'],
    }),
  'a Cloudly that moved': async () =>
    enrolled({
      environment: { BASEOS_CLOUDLY_URL: elsewhere, BASEOS_CLOUDLY_MOVED_FROM: cloudly },
      keeps: ['token-1'],
    }),
  'the legacy file': async () => ({
    disk: new MemoryFileSystem().put(statePath, '{"nodeId":"old-node","nodeToken":"old-token"}', 0o644).disk,
    chance: ['nodeSecret'],
    keeps: ['old-token'],
  }),
  'the legacy file that came back': async () =>
    damaged((disk) => disk.put(statePath, JSON.stringify({ nodeId: nodeIdOn(disk), nodeToken: 'token-old' }), 0o644), {
      keeps: ['token-old', 'token-1'],
    }),
  'a format of a newer version': async () =>
    damaged((disk) => disk.put(statePath, ofNewerVersion(disk)), {
      updates: [enrolledWith('token-2')],
      keeps: ['"zone": "north"'],
    }),
  'a state file that others can read': async () =>
    damaged((disk) => disk.put(statePath, disk.text(statePath) ?? '', 0o644), { keeps: ['token-1'] }),
  'the repair of a truncated state file': async () =>
    damaged((disk) => disk.put(statePath, 'torn'), { keeps: ['token-1', 'torn'] }),
  'the repair of an empty state file': async () => damaged((disk) => disk.put(statePath, ''), { keeps: ['token-1'] }),
  'the repair of a missing state file': async () => damaged((disk) => disk.forget(statePath), { keeps: ['token-1'] }),
  'the repair of a truncated copy': async () =>
    damaged((disk) => disk.put(copyPath, 'torn'), { keeps: ['token-1', 'torn'] }),
  'the repair of an edited state file and no copy': async () =>
    damaged((disk) => disk.put(statePath, edited(disk)).forget(copyPath), { keeps: ['token-9'] }),
  'the repair of an edited state file and a truncated copy': async () =>
    damaged((disk) => disk.put(statePath, edited(disk)).put(copyPath, 'torn'), { keeps: ['token-9', 'torn'] }),
  'the repair of an edited copy and no state file': async () =>
    damaged((disk) => disk.put(copyPath, edited(disk)).forget(statePath), { keeps: ['token-9'] }),
  'the repair of an edited copy and a truncated state file': async () =>
    damaged((disk) => disk.put(copyPath, edited(disk)).put(statePath, 'torn'), { keeps: ['token-9', 'torn'] }),
  'the repair that omits a crash’s remains': async () =>
    damaged((disk) => disk.put(statePath, 'torn').put(`${statePath}.tmp`, 'half').put(`${copyPath}.tmp`, 'half'), {
      keeps: ['token-1'],
    }),
};

/** It must be among `changes`, as the mutations below name some of them. */
async function proofOf(name: string, mutation?: Mutation): Promise<string | undefined> {
  const prepare = changes[name];
  if (!prepare) throw new Error(`There is no change named ${name}.`);
  return (await provePowerCut(await prepare(), mutation)).loss;
}

describe('a power cut at any moment of', { timeout: 180_000 }, () => {
  test.each(Object.keys(changes))('%s loses nothing that was reported as stored', async (name) => {
    expect(await proofOf(name)).toBeUndefined();
  });
});

/** Leaves out the syncs that follow a change that fits, such as `rename /a /b`. */
function withoutSyncAfter(fits: RegExp): Mutation {
  return {
    ignoresSync: (disk) => fits.test(disk.changes.at(-1) ?? ''),
  };
}

function withoutSync(omitted: 'sync' | 'syncDirectory'): Mutation {
  return {
    ignoresSync: (_disk, call) => call === omitted,
  };
}

/** Writes over the file itself instead of replacing it by another. */
const inPlace: Mutation = {
  change: (disk) => {
    const targetOf = (path: string): string => path.replace(/\.tmp$/, '');
    const methods: Partial<FileSystem> = {
      createFile: async (path, mode) => disk.openInPlace(targetOf(path), mode),
      rename: async (from, to) => (targetOf(from) === to ? undefined : disk.rename(from, to)),
    };
    return new Proxy(disk, {
      get: (target, name) => {
        const member: unknown = Reflect.get(methods, name) ?? Reflect.get(target, name);
        return typeof member === 'function' ? member.bind(target) : member;
      },
    });
  },
};

describe('the crash test detects it if', () => {
  test.each<[string, string, Mutation]>([
    ['no file is synced', 'a rotation', withoutSync('sync')],
    ['no directory is synced', 'a rotation', withoutSync('syncDirectory')],
    ['the state file is not synced', 'a rotation', withoutSyncAfter(/^write .*state\.json\.tmp$/)],
    ['its copy is not synced', 'a rotation', withoutSyncAfter(/^write .*last-good\.tmp$/)],
    ['the file that is set aside is not synced', 'another node ID', withoutSyncAfter(/^write .*replaced-1\.tmp$/)],
    [
      'the directory is not synced for the state file',
      'a rotation without room for the last good copy',
      withoutSyncAfter(/^rename .*state\.json$/),
    ],
    ['the directory is not synced for its copy', 'a rotation', withoutSyncAfter(/^rename .*last-good$/)],
    [
      'the directory is not synced for the file that is set aside',
      'another node ID, without a last good copy',
      withoutSyncAfter(/^rename .*replaced-1$/),
    ],
    [
      'the directory is not synced for a file that is moved aside',
      'the repair of a truncated state file',
      withoutSyncAfter(/^rename .*damaged-1$/),
    ],
    ['a new directory is not synced', 'the first start', withoutSyncAfter(/^makeDirectory \/data$/)],
    ['the one in it is not synced', 'the first start', withoutSyncAfter(/^makeDirectory \/data\/baseos$/)],
    ['a file is written in place', 'a rotation without room for the last good copy', inPlace],
  ])('%s', async (_what, change, mutation) => {
    expect(await proofOf(change, mutation)).toMatch(/was said to be stored|no file holds|is missing/);
  });
});

function nodeIdOn(disk: MemoryFileSystem): unknown {
  return JSON.parse(disk.text(statePath) ?? '{}').nodeId;
}

/** The state with a member of its own, as another version would write it: by the rule for the checksum. */
function ofNewerVersion(disk: MemoryFileSystem): string {
  const { checksum: _, ...content } = { ...JSON.parse(disk.text(statePath) ?? '{}'), format: 2, zone: 'north' };
  const sorted = JSON.stringify(
    Object.fromEntries(Object.entries(content).toSorted(([one], [other]) => (one < other ? -1 : 1))),
  );
  const checksum = `sha256:${createHash('sha256').update(sorted).digest('hex')}`;
  return JSON.stringify({ ...content, checksum }, null, 2);
}
