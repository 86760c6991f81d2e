import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { MemoryFileSystem } from '../../test/memory-file-system.js';
import { disksAfterPowerCut } from '../../test/power-cut.js';
import { copyPath, openOn, revealed, statePath } from '../../test/power-cut-proof.js';
import { Secret } from '../values/secret.js';
import type { LockDirectory } from '../lock/directory-lock.js';
import type { Identity } from '../identity/identity.js';
import { planReset, resetIdentity } from './reset-identity.js';

const cloudly = 'https://cloudly.example';
const environment = { BASEOS_CLOUDLY_URL: cloudly, BASEOS_STATE_PATH: statePath };
const noLock: LockDirectory = async () => ({ release: async () => undefined });

function withToken(token: string) {
  return (identity: Identity): Identity => ({
    ...identity,
    enrolment: { origin: cloudly, legacy: false, nodeToken: new Secret(token) },
  });
}

/** A disk on which a node has `token-1` in both files, and in the state file alone perhaps a newer one. */
async function enrolledDisk({ newerToken }: { newerToken?: string } = {}) {
  const disk = new MemoryFileSystem();
  const store = await openOn(disk);
  await store.update(withToken('token-1'));
  if (newerToken !== undefined) {
    disk.fault = (call, path) => (call === 'createFile' && path.startsWith(copyPath) ? 'ENOSPC' : undefined);
    await store.update(withToken(newerToken));
    disk.fault = () => undefined;
  }
  return { disk, identity: store.current };
}

async function reset(fileSystem: MemoryFileSystem, erase = false) {
  return resetIdentity(environment, { fileSystem, erase, lockDirectory: noLock });
}

/** Every file with a secret that a node ever had on this disk. */
function secretsOn(disk: MemoryFileSystem): string[] {
  return disk.names().filter((name) => /token-|nodeSecret/.test(disk.text(name) ?? ''));
}

describe('a reset', () => {
  test('sets the identity aside where no agent looks, and the next start makes a new node', async () => {
    const { disk, identity } = await enrolledDisk();
    const text = disk.text(statePath);
    const aside = `${statePath}.reset-1`;
    const steps = [
      { kind: 'remove', path: copyPath },
      { kind: 'move', path: statePath, to: aside },
    ];
    expect(await reset(disk)).toEqual({ kind: 'reset', steps, leftovers: [aside] });
    expect(disk.text(aside)).toBe(text);
    const store = await openOn(disk);
    expect(store.source).toBe('generated');
    expect(store.current.nodeId).not.toBe(identity.nodeId);
    expect(store.notices).toEqual([
      { level: 'info', code: 'identity-new', message: expect.stringContaining('new node') },
    ]);
  });

  test('is undone by restoring the file’s name', async () => {
    const { disk, identity } = await enrolledDisk();
    await reset(disk);
    await disk.rename(`${statePath}.reset-1`, statePath);
    expect(revealed((await openOn(disk)).current)).toEqual(revealed(identity));
  });

  test('sets both files aside if they differ, and keeps resets apart', async () => {
    const { disk } = await enrolledDisk({ newerToken: 'token-2' });
    expect(await reset(disk)).toMatchObject({ leftovers: [`${statePath}.reset-1`, `${statePath}.reset-2`] });
    await openOn(disk);
    await reset(disk);
    expect(secretsOn(disk)).toEqual([1, 2, 3].map((number) => `${statePath}.reset-${number}`));
  });

  test('that erases removes every secret of any identity, and leaves files that are not only the agent’s', async () => {
    const { disk } = await enrolledDisk({ newerToken: 'token-2' });
    const mine = `${statePath}.backup`;
    disk.put(mine, 'a file of another program');
    for (const rest of ['damaged-1', 'replaced-12', 'reset-3', 'tmp', 'last-good.tmp', 'replaced-13.tmp']) {
      disk.put(`${statePath}.${rest}`, 'token-old');
    }
    disk.put('/data/baseos/journal.json', '{}').put('/data/baseos/journal.json.last-good', '{}');
    const outcome = await reset(disk, true);
    expect(outcome).toMatchObject({ kind: 'reset', leftovers: [] });
    expect(secretsOn(disk)).toEqual([]);
    expect(disk.names()).toEqual(['/', '/data', '/data/baseos', mine]);
    expect(await reset(disk, true)).toEqual({ kind: 'reset', steps: [], leftovers: [] });
  });

  test.each([false, true])('previews what it will do (erase: %s) and changes nothing', async (erase) => {
    const { disk } = await enrolledDisk({ newerToken: 'token-2' });
    const changes = disk.changes.length;
    const plan = await planReset(environment, { fileSystem: disk, erase });
    expect(disk.changes).toHaveLength(changes);
    expect(await reset(disk, erase)).toEqual(plan);
  });

  test('of a missing directory creates none', async () => {
    const disk = new MemoryFileSystem();
    expect(await reset(disk)).toEqual({ kind: 'reset', steps: [], leftovers: [] });
    expect(disk.changes).toEqual([]);
  });

  test('is refused while an agent holds the directory', async () => {
    const { disk } = await enrolledDisk();
    const changes = disk.changes.length;
    const held: LockDirectory = async ({ signal, onWait }) => {
      onWait?.();
      signal?.throwIfAborted();
      throw new Error('unreachable');
    };
    expect(await resetIdentity(environment, { fileSystem: disk, lockDirectory: held })).toEqual({
      kind: 'refused',
      code: 'agent-running',
      message: expect.stringMatching(/An agent runs on \/data\/baseos/),
      remedy: 'Stop the agent first.',
    });
    expect(disk.changes).toHaveLength(changes);
  });

  test('is refused if no lock shows whether an agent runs', async () => {
    const { disk } = await enrolledDisk();
    const unable: LockDirectory = async () => {
      throw Object.assign(new Error('no sockets here'), { code: 'EOPNOTSUPP' });
    };
    const files = disk.text(statePath);
    const outcome = await resetIdentity(environment, { fileSystem: disk, lockDirectory: unable });
    expect(outcome).toMatchObject({
      kind: 'refused',
      code: 'lock-not-held',
      remedy: expect.stringContaining('by hand'),
    });
    expect(disk.text(statePath)).toBe(files);
  });

  test.each(['EROFS', 'EACCES'])('that the disk refuses with %s says what to do, and can be retried', async (code) => {
    const { disk, identity } = await enrolledDisk();
    disk.fault = (call) => (call === 'removeFile' || call === 'rename' ? code : undefined);
    const outcome = await reset(disk);
    expect(outcome).toMatchObject({ kind: 'failed' });
    expect(JSON.stringify(outcome)).toMatch(/chown|read-only/);
    disk.fault = () => undefined;
    expect((await openOn(disk)).current.nodeId).toBe(identity.nodeId);
    expect(await reset(disk)).toMatchObject({ kind: 'reset' });
  });

  test('of a directory in place of the state file does not move it', async () => {
    const disk = new MemoryFileSystem().put(`${statePath}/inside`, '');
    expect(await reset(disk)).toMatchObject({
      kind: 'failed',
      code: 'state-is-directory',
      message: expect.stringContaining('is a directory'),
    });
  });
});

describe('a power cut at any moment of a reset', () => {
  test.each<[boolean, { newerToken?: string }]>([
    [false, {}],
    [false, { newerToken: 'token-2' }],
    [true, {}],
    [true, { newerToken: 'token-2' }],
  ])('(erase: %s, %o) leaves the identity unchanged, or none once that was reported', async (erase, options) => {
    const { disk: prepared, identity } = await enrolledDisk(options);
    const disk = new MemoryFileSystem(prepared.disk);
    const newest = options.newerToken ?? 'token-1';
    expect(await reset(disk, erase)).toMatchObject({ kind: 'reset' });
    disk.mark('reported');
    for (const cut of disksAfterPowerCut(prepared.disk, disk.events)) {
      const left = new MemoryFileSystem(cut.disk);
      const isKept = secretsOn(left).some((name) => left.text(name)?.includes(newest));
      const { current } = await openOn(left);
      const isSame = current.nodeSecret.equals(identity.nodeSecret);
      expect({ where: cut.where, token: isSame ? current.enrolment?.nodeToken?.reveal() : newest }).toEqual({
        where: cut.where,
        token: newest,
      });
      const { where, marks } = cut;
      expect({ where, isKept: isKept || erase, isReset: !isSame || marks.length === 0 }).toEqual({
        where,
        isKept: true,
        isReset: true,
      });
    }
  });
});

test.runIf(process.platform !== 'win32')(
  'a reset behind a dangling link fails, because nobody knows what was there',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'baseos-reset-'));
    try {
      symlinkSync(join(folder, 'nowhere'), join(folder, 'disk'));
      const behindLink = { BASEOS_CLOUDLY_URL: cloudly, BASEOS_STATE_PATH: join(folder, 'disk', 'state.json') };
      for (const outcome of [await planReset(behindLink), await resetIdentity(behindLink, { erase: true })]) {
        expect(outcome).toMatchObject({ kind: 'failed', message: expect.stringContaining('is missing') as string });
      }
      rmSync(join(folder, 'disk'));
      expect(await resetIdentity(behindLink)).toEqual({ kind: 'reset', steps: [], leftovers: [] });
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
);
