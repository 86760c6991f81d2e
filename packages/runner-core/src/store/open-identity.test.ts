import fc from 'fast-check';
import { inSentences } from '../values/problem.js';
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { MemoryFileSystem } from '../../test/memory-file-system.js';
import { parseConfig } from '../config/parse-config.js';
import type { Randomness } from '../ports/randomness.js';
import { isBaseRunnerError } from '../config/runner-error.js';
import { Secret } from '../values/secret.js';
import type { LockDirectory } from '../lock/directory-lock.js';
import type { Identity } from '../identity/identity.js';
import type { IdentityNotice } from '../identity/identity-store.js';
import { openIdentity } from './open-identity.js';
import { readIdentity } from './read-identity.js';

const statePath = '/data/baseos/state.json';
const copyPath = `${statePath}.last-good`;
const cloudly = 'https://cloudly.example';

const noLock: LockDirectory = async () => ({ release: async () => undefined });

/** Each chance is another one, and the same in each run. */
function countingRandomness(): Randomness {
  let count = 0;
  return {
    fraction: () => 0.5,
    uuid: () => `00000000-0000-4000-8000-${String((count += 1)).padStart(12, '0')}`,
    bytes: (length) => new Uint8Array(length).fill((count += 1)),
  };
}

async function open(
  fileSystem: MemoryFileSystem,
  environment: Record<string, string> = {},
  randomness = countingRandomness(),
  onNotice?: (notice: IdentityNotice) => void,
) {
  const parsed = parseConfig({ BASEOS_CLOUDLY_URL: cloudly, BASEOS_STATE_PATH: statePath, ...environment });
  if (!parsed.ok) throw new Error(parsed.mistakes.map(({ message }) => message).join());
  const clock = { sleep: async () => undefined, wallMs: () => Date.parse('2026-11-23T12:00:00Z') };
  return openIdentity({ config: parsed.config, fileSystem, randomness, clock, lockDirectory: noLock, onNotice });
}

function enrolled(token: string) {
  return (identity: Identity): Identity => ({
    ...identity,
    enrolment: { origin: cloudly, cloudlyId: 'c1', legacy: false, nodeToken: new Secret(token) },
  });
}

/** A disk on which a node is enrolled, and that node. */
async function enrolledDisk(environment: Record<string, string> = {}) {
  const fileSystem = new MemoryFileSystem();
  const store = await open(fileSystem, environment);
  await store.update(enrolled('token-1'));
  await store.close();
  return { fileSystem, identity: store.current };
}

function laterChances(): Randomness {
  const randomness = countingRandomness();
  for (let skipped = 0; skipped < 100; skipped += 1) randomness.uuid();
  return randomness;
}

async function reopen(fileSystem: MemoryFileSystem, environment: Record<string, string> = {}) {
  return open(fileSystem, environment, laterChances());
}

function stateOf(fileSystem: MemoryFileSystem): Record<string, unknown> {
  return JSON.parse(fileSystem.text(statePath) ?? '{}');
}

/** Each notice as the log has it. */
function said({ notices }: { notices: readonly IdentityNotice[] }) {
  return notices.map(({ level, ...notice }) => ({ level, message: inSentences(notice) }));
}

function worst({ notices }: { notices: readonly { level: string }[] }) {
  return ['error', 'warn', 'info'].find((level) => notices.some((notice) => notice.level === level));
}

describe('an empty directory', () => {
  test('yields a new node, stored twice and for this user only before it is used', async () => {
    const fileSystem = new MemoryFileSystem();
    const store = await open(fileSystem);
    expect(store).toMatchObject({ source: 'generated', durable: true });
    expect(stateOf(fileSystem)).toMatchObject({ format: 1, nodeId: store.current.nodeId });
    expect(fileSystem.text(copyPath)).toBe(fileSystem.text(statePath));
    expect([statePath, copyPath, '/data/baseos', '/data'].map((path) => fileSystem.mode(path))).toEqual([
      0o600, 0o600, 0o700, 0o700,
    ]);
  });

  test('in which an identity appears while a new one is written has that one, and it is not replaced', async () => {
    const { fileSystem: covered, identity } = await enrolledDisk();
    const kept = covered.text(statePath) ?? '';
    const fileSystem = new MemoryFileSystem();
    fileSystem.fault = (call, path) => {
      if (call === 'sync' && path === `${statePath}.tmp`) fileSystem.put(statePath, kept);
      return undefined;
    };
    const store = await reopen(fileSystem);
    expect(store).toMatchObject({ source: 'generated', durable: false });
    expect(await store.keep?.()).toBe('reopen');
    expect(fileSystem.text(statePath)).toBe(kept);
    expect(fileSystem.names()).not.toContain(`${statePath}.tmp`);
    await store.close();
    expect((await reopen(fileSystem)).current).toEqual(identity);
  });

  test('yields the same node at every later start', async () => {
    const { fileSystem, identity } = await enrolledDisk();
    const changes = fileSystem.changes.length;
    const store = await reopen(fileSystem);
    expect(store.current).toEqual(identity);
    expect(store.current.nodeSecret.reveal()).toBe(identity.nodeSecret.reveal());
    expect(store.current.enrolment?.nodeToken?.reveal()).toBe('token-1');
    expect(store).toMatchObject({ source: 'state-file', durable: true, notices: [] });
    expect(fileSystem.changes).toHaveLength(changes);
  });
});

describe('an update', () => {
  test('takes effect once stored, and nodeId and nodeToken stay where the legacy agent looks for them', async () => {
    const fileSystem = new MemoryFileSystem();
    const store = await open(fileSystem);
    const update = store.update(enrolled('token-1'));
    expect(store.current.enrolment).toBeUndefined();
    expect(await update).toEqual({ ok: true });
    expect(store.current.enrolment?.nodeToken?.reveal()).toBe('token-1');
    expect(stateOf(fileSystem)).toMatchObject({ nodeId: store.current.nodeId, nodeToken: 'token-1' });
  });

  test('waits for the previous one', async () => {
    const fileSystem = new MemoryFileSystem();
    const store = await open(fileSystem);
    const seen: (string | undefined)[] = [];
    const updates = ['token-1', 'token-2', 'token-3'].map(async (token) =>
      store.update((identity) => {
        seen.push(identity.enrolment?.nodeToken?.reveal());
        return enrolled(token)(identity);
      }),
    );
    await Promise.all(updates);
    expect(seen).toEqual([undefined, 'token-1', 'token-2']);
    expect(stateOf(fileSystem)).toMatchObject({ nodeToken: 'token-3' });
  });

  test('that changes nothing writes nothing', async () => {
    const { fileSystem } = await enrolledDisk();
    const store = await reopen(fileSystem);
    const changes = fileSystem.changes.length;
    await store.update((identity) => identity);
    expect(fileSystem.changes).toHaveLength(changes);
  });

  test('that cannot be stored leaves the identity unchanged, says why, and can be retried', async () => {
    const { fileSystem } = await enrolledDisk();
    const store = await reopen(fileSystem);
    fileSystem.fault = (call) => (call === 'write' ? 'ENOSPC' : undefined);
    const failed = await store.update(enrolled('token-2'));
    expect(failed).toMatchObject({ ok: false, problem: { code: 'disk-full', message: expect.stringMatching(/full/) } });
    expect(store.current.enrolment?.nodeToken?.reveal()).toBe('token-1');
    expect(fileSystem.names()).not.toContain(`${statePath}.tmp`);
    fileSystem.fault = () => undefined;
    expect(await store.update(enrolled('token-2'))).toEqual({ ok: true });
    expect(stateOf(fileSystem)).toMatchObject({ nodeToken: 'token-2' });
  });

  test('whose last good copy cannot be written is reported once until it can be', async () => {
    const { fileSystem } = await enrolledDisk();
    const told: string[] = [];
    const store = await open(fileSystem, {}, laterChances(), ({ level, message }) => told.push(`${level}: ${message}`));
    const refuseCopy = (call: string, path: string) =>
      path.startsWith(copyPath) && call === 'createFile' ? 'ENOSPC' : undefined;
    for (const token of ['token-2', 'token-3']) {
      fileSystem.fault = refuseCopy;
      expect(await store.update(enrolled(token))).toEqual({ ok: true });
    }
    expect(told).toEqual([expect.stringMatching(/^warn: .*last good copy.*full/)]);
    fileSystem.fault = () => undefined;
    await store.update(enrolled('token-4'));
    expect(fileSystem.text(copyPath)).toBe(fileSystem.text(statePath));
    fileSystem.fault = refuseCopy;
    await store.update(enrolled('token-5'));
    expect(told).toHaveLength(2);
  });

  test('in progress is stored before the directory is released', async () => {
    const fileSystem = new MemoryFileSystem();
    const store = await open(fileSystem);
    void store.update(enrolled('token-1'));
    await store.close();
    expect(stateOf(fileSystem)).toMatchObject({ nodeToken: 'token-1' });
  });

  test('is refused after the directory was released to the next agent', async () => {
    const store = await open(new MemoryFileSystem());
    await store.close();
    expect(await store.update(enrolled('token-1'))).toMatchObject({ ok: false });
  });

  test('keeps what a newer version stored beside the identity', async () => {
    const { fileSystem } = await enrolledDisk();
    const newer = rewritten(fileSystem, { format: 2, zone: { name: 'north' } });
    const store = await reopen(newer);
    expect(said(store)).toMatchObject([{ level: 'info', message: expect.stringContaining('format 2') }]);
    await store.update(enrolled('token-2'));
    expect(stateOf(newer)).toMatchObject({ format: 2, zone: { name: 'north' }, nodeToken: 'token-2' });
  });
});

describe('damage', () => {
  const damages: [string, (disk: MemoryFileSystem) => unknown][] = [
    ['truncated to 0 bytes', (disk) => disk.put(statePath, '')],
    ['filled with garbage', (disk) => disk.put(statePath, new Uint8Array([0, 255, 1, 254]))],
    ['replaced by another program’s text', (disk) => disk.put(statePath, '[1, 2]')],
    ['replaced by another program’s object', (disk) => disk.put(statePath, '{"nodeId": 5}')],
    ['edited by hand', (disk) => disk.put(statePath, disk.text(statePath)?.replace('token-1', 'token-x') ?? '')],
    ['removed alone', (disk) => disk.forget(statePath)],
  ];

  test.each(damages)('to a state file that was %s does not cost the identity', async (_name, damage) => {
    const { fileSystem, identity } = await enrolledDisk();
    damage(fileSystem);
    const damaged = fileSystem.text(statePath);
    const read = await readIdentity({ statePath, fileSystem });
    expect(read).toMatchObject({ source: 'last-good-copy', nodeId: identity.nodeId });
    const store = await reopen(fileSystem);
    expect(store).toMatchObject({ source: 'last-good-copy', durable: true, current: identity });
    expect(worst(store)).toBe('warn');
    expect(fileSystem.text(statePath)).toBe(fileSystem.text(copyPath));
    // There is nothing in an empty file to keep.
    expect(fileSystem.text(`${statePath}.damaged-1`)).toBe(damaged || undefined);
    expect((await reopen(fileSystem)).notices).toEqual([]);
  });

  test('to a state file truncated at any byte does not cost the identity', async () => {
    const { fileSystem, identity } = await enrolledDisk();
    const whole = fileSystem.text(statePath) ?? '';
    for (let length = 0; length < whole.length; length += 1) {
      fileSystem.put(statePath, whole.slice(0, length));
      expect((await reopen(fileSystem)).current).toEqual(identity);
    }
  });

  test('by any bytes does not cost the identity while a good copy exists', async () => {
    const { fileSystem, identity } = await enrolledDisk();
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.uint8Array(),
          fc.json().map((text) => new TextEncoder().encode(text)),
        ),
        async (bytes) => {
          fileSystem.put(statePath, bytes);
          expect((await reopen(fileSystem)).current.nodeSecret.reveal()).toBe(identity.nodeSecret.reveal());
        },
      ),
    );
  });

  test('by any bytes in both files gives a usable identity, and never an exception', async () => {
    const anything = fc.oneof(
      fc.uint8Array(),
      fc.json({ maxDepth: 3 }).map((text) => new TextEncoder().encode(text)),
      fc
        .record({ nodeId: fc.string(), format: fc.anything() })
        .map((state) => new TextEncoder().encode(JSON.stringify(state))),
    );
    await fc.assert(
      fc.asyncProperty(anything, anything, async (state, copy) => {
        const fileSystem = new MemoryFileSystem().put(statePath, state).put(copyPath, copy);
        const store = await open(fileSystem);
        expect(store.current.nodeId).toMatch(/^[A-Za-z0-9][\w.-]{0,127}$/);
        expect((await reopen(fileSystem)).current.nodeId).toBe(store.current.nodeId);
      }),
    );
  });

  test('by ten thousand brackets does not crash the agent', async () => {
    const { fileSystem, identity } = await enrolledDisk();
    fileSystem.put(statePath, `{"format":1,"checksum":"","x":${'['.repeat(10_000)}${']'.repeat(10_000)}}`);
    expect((await reopen(fileSystem)).current).toEqual(identity);
  });

  test('to the copy alone is repaired, and the damaged copy is set aside', async () => {
    const { fileSystem, identity } = await enrolledDisk();
    fileSystem.put(copyPath, 'torn');
    const store = await reopen(fileSystem);
    expect(store).toMatchObject({ source: 'state-file', current: identity });
    expect(worst(store)).toBe('warn');
    expect(fileSystem.text(copyPath)).toBe(fileSystem.text(statePath));
    expect(fileSystem.text(`${statePath}.damaged-1`)).toBe('torn');
  });

  test('to the checksum of both files still gives the node', async () => {
    const { fileSystem, identity } = await enrolledDisk();
    fileSystem.put(statePath, fileSystem.text(statePath)?.replace('token-1', 'token-x') ?? '').put(copyPath, '');
    const store = await reopen(fileSystem);
    expect(store.current.nodeId).toBe(identity.nodeId);
    expect(worst(store)).toBe('error');
  });

  test('to a copy that could not be replaced at start is reported', async () => {
    const { fileSystem } = await enrolledDisk();
    fileSystem.forget(copyPath);
    fileSystem.fault = (call, path) => (path.startsWith(copyPath) && call === 'createFile' ? 'ENOSPC' : undefined);
    const store = await reopen(fileSystem);
    expect(store).toMatchObject({ durable: true, notices: [{ message: expect.stringMatching(/last good copy/) }] });
  });

  test('to both files beyond repair makes a new node, reports an error, and sets both aside', async () => {
    const { fileSystem, identity } = await enrolledDisk();
    fileSystem.put(statePath, 'torn').put(copyPath, '');
    const store = await reopen(fileSystem);
    expect(store.source).toBe('generated');
    expect(store.current.nodeId).not.toBe(identity.nodeId);
    expect(said(store)).toContainEqual({
      level: 'error',
      message: expect.stringMatching(/identity of this node is lost/),
    });
    expect([1, 2].map((number) => fileSystem.text(`${statePath}.damaged-${number}`))).toEqual(['torn', undefined]);
  });

  test('to both files beyond repair keeps the node that BASEOS_NODE_ID names', async () => {
    const fileSystem = new MemoryFileSystem().put(statePath, 'torn');
    const store = await open(fileSystem, { BASEOS_NODE_ID: 'shop-3' });
    expect(store.current.nodeId).toBe('shop-3');
  });

  test('that recurs keeps the five newest files aside', async () => {
    const { fileSystem } = await enrolledDisk();
    for (let time = 1; time <= 8; time += 1) {
      fileSystem.put(statePath, `torn ${time}`);
      await reopen(fileSystem);
    }
    expect(setAsideOn(fileSystem)).toEqual([4, 5, 6, 7, 8].map((time) => `torn ${time}`));
  });

  test('that empties a file displaces no file with content, and is reported', async () => {
    const { fileSystem } = await enrolledDisk();
    fileSystem.put(statePath, 'torn');
    await reopen(fileSystem);
    for (let time = 1; time <= 8; time += 1) {
      fileSystem.put(statePath, '');
      expect((await reopen(fileSystem)).notices[0]?.message).toMatch(/state\.json is empty\./);
    }
    expect(setAsideOn(fileSystem)).toEqual(['torn']);
  });

  test('sets a file aside for this user only, and names it', async () => {
    const { fileSystem } = await enrolledDisk();
    fileSystem.put(statePath, 'torn', 0o644);
    const notices = said(await reopen(fileSystem));
    expect(fileSystem.mode(`${statePath}.damaged-1`)).toBe(0o600);
    expect(notices.at(-1)).toEqual({ level: 'warn', message: `The damaged state is kept as ${statePath}.damaged-1.` });
  });

  test('sets a file aside even if this user cannot change its mode, and even if the disk becomes writable later', async () => {
    const { fileSystem } = await enrolledDisk();
    fileSystem.put(statePath, 'torn');
    fileSystem.fault = (call) => (call === 'rename' ? 'ENOSPC' : undefined);
    const told: string[] = [];
    const store = await open(fileSystem, {}, laterChances(), ({ message }) => told.push(message));
    fileSystem.fault = (call) => (call === 'makePrivate' ? 'EPERM' : undefined);
    expect(await store.update((identity) => identity)).toEqual({ ok: true });
    expect(setAsideOn(fileSystem)).toEqual(['torn']);
    expect(told).toEqual([`The damaged state is kept as ${statePath}.damaged-1.`, 'The identity can be stored again.']);
  });
});

describe('a file of a newer version that this one cannot read', () => {
  test('stays untouched, and the node in memory does not register', async () => {
    const { fileSystem } = await enrolledDisk();
    const newer = rewritten(fileSystem, { format: 9, nodeId: { moved: 'elsewhere' } });
    newer.put(copyPath, newer.text(statePath) ?? '');
    const before = newer.text(statePath);
    const store = await reopen(newer);
    expect(store.durable).toBe(false);
    expect(worst(store)).toBe('error');
    expect(await store.update(enrolled('token-2'))).toMatchObject({
      ok: false,
      problem: { code: 'state-newer', message: expect.stringContaining('newer') },
    });
    expect(newer.text(statePath)).toBe(before);
    expect(newer.text(copyPath)).toBe(before);
  });
});

describe('the legacy file', () => {
  const legacyDisk = (content: object) => new MemoryFileSystem().put(statePath, JSON.stringify(content), 0o644);

  test('is adopted: its node, its token for the configured Cloudly, and a new secret', async () => {
    const fileSystem = legacyDisk({ nodeId: 'old-node', nodeToken: 'old-token', note: 'kept' });
    const store = await open(fileSystem);
    expect(store).toMatchObject({ source: 'legacy', durable: true });
    expect(store.current).toMatchObject({ nodeId: 'old-node', enrolment: { origin: cloudly, legacy: true } });
    expect(store.current.enrolment?.nodeToken?.reveal()).toBe('old-token');
    expect(stateOf(fileSystem)).toMatchObject({ format: 1, nodeId: 'old-node', nodeToken: 'old-token', note: 'kept' });
    expect(fileSystem.mode(statePath)).toBe(0o600);
    expect((await reopen(fileSystem)).current).toEqual(store.current);
  });

  test('is adopted without a token too', async () => {
    const store = await open(legacyDisk({ nodeId: 'old-node' }));
    expect(store.current).toMatchObject({ nodeId: 'old-node' });
    expect(store.current.enrolment).toBeUndefined();
  });

  test('keeps its token while no Cloudly is configured, for the first one that is', async () => {
    const fileSystem = legacyDisk({ nodeId: 'old-node', nodeToken: 'old-token' });
    await open(fileSystem, { BASEOS_CLOUDLY_URL: '' });
    const store = await reopen(fileSystem);
    expect(store.current.enrolment).toMatchObject({ origin: cloudly, legacy: true });
    expect(store.current.enrolment?.nodeToken?.reveal()).toBe('old-token');
    const elsewhere = await reopen(fileSystem, { BASEOS_CLOUDLY_URL: 'https://other.example' });
    expect(elsewhere.current.enrolment).toBeUndefined();
  });

  test('in a directory that belongs to root is used as it is, with the fix in plain words', async () => {
    const fileSystem = legacyDisk({ nodeId: 'old-node', nodeToken: 'old-token' });
    fileSystem.fault = (call) =>
      ['createFile', 'removeFile', 'rename', 'checkWritable'].includes(call) ? 'EACCES' : undefined;
    const store = await open(fileSystem);
    expect(store).toMatchObject({ durable: false, current: { nodeId: 'old-node' } });
    expect(store.current.enrolment?.nodeToken?.reveal()).toBe('old-token');
    const ids = `${process.getuid?.()}:${process.getgid?.()}`;
    expect(said(store)).toContainEqual({
      level: 'error',
      message: expect.stringContaining(`chown -R ${ids} /data/baseos`),
    });
    expect(said(await readIdentity({ statePath, fileSystem }))).toContainEqual({
      level: 'error',
      message: expect.stringContaining('chown'),
    });
    fileSystem.fault = () => undefined;
    expect(await store.update((identity) => identity)).toEqual({ ok: true });
    expect(store.durable).toBe(true);
    expect(stateOf(fileSystem)).toMatchObject({ format: 1, nodeId: 'old-node' });
  });

  test('that returned after this agent was used keeps the secret that this agent gave the node', async () => {
    const { fileSystem, identity } = await enrolledDisk();
    fileSystem.put(statePath, JSON.stringify({ nodeId: identity.nodeId, nodeToken: 'token-of-the-legacy-agent' }));
    const store = await reopen(fileSystem);
    expect(store.current.nodeSecret.reveal()).toBe(identity.nodeSecret.reveal());
    expect(store.current.enrolment?.nodeToken?.reveal()).toBe('token-of-the-legacy-agent');
    expect(store.current.enrolment?.previousNodeToken?.reveal()).toBe('token-1');
  });
});

describe('a disk that fails', () => {
  const refuseWrites = (code: string) => (call: string) =>
    ['createFile', 'makeDirectory', 'checkWritable', 'write'].includes(call) ? code : undefined;

  test.each([
    ['EACCES', /chown/],
    ['EROFS', /read-only/],
    ['ENOSPC', /full/],
    ['EIO', /errors/],
    ['EMFILE', /EMFILE/],
  ])('on a new node with %s gives one that does not register, and says what to do', async (code, message) => {
    const fileSystem = new MemoryFileSystem();
    fileSystem.fault = refuseWrites(code);
    const store = await open(fileSystem);
    expect(store.durable).toBe(false);
    expect(said(store)).toContainEqual({ level: 'error', message: expect.stringMatching(message) });
    expect(store.notices.map((notice) => notice.message).join()).toContain('does not register');
  });

  test.each(['EACCES', 'EROFS'])('on changes with %s still lets its node be used', async (code) => {
    const { fileSystem, identity } = await enrolledDisk();
    fileSystem.fault = refuseWrites(code);
    const store = await reopen(fileSystem);
    expect(store).toMatchObject({ durable: false, current: identity });
    expect(worst(store)).toBe('error');
  });

  test('when the identity is read creates no other one on it', async () => {
    const { fileSystem } = await enrolledDisk();
    const changes = fileSystem.changes.length;
    fileSystem.fault = (call) => (call === 'readFile' ? 'EACCES' : undefined);
    const store = await reopen(fileSystem);
    expect(store).toMatchObject({ source: 'unreadable', durable: false });
    expect(said(store)).toMatchObject([{ level: 'error', message: expect.stringContaining('chown') }]);
    expect(await store.update(enrolled('token-2'))).toMatchObject({ ok: false });
    expect(fileSystem.changes).toHaveLength(changes);
  });

  test('when the identity is read is retried, and then gives the stored identity', async () => {
    const { fileSystem, identity } = await enrolledDisk();
    fileSystem.fault = (call) => (call === 'readFile' ? 'EACCES' : undefined);
    const store = await reopen(fileSystem, { BASEOS_NODE_ID: 'shop-3' });
    expect(store.notices).toHaveLength(1);
    expect(await store.unreadable?.isOver()).toBe(false);
    fileSystem.fault = () => undefined;
    expect(await store.unreadable?.isOver()).toBe(true);
    await store.close();
    const again = await reopen(fileSystem);
    expect(again).toMatchObject({ source: 'state-file', durable: true, current: identity, unreadable: undefined });
  });

  test('for the state file alone lets the copy be used, and the file set aside', async () => {
    const { fileSystem, identity } = await enrolledDisk();
    fileSystem.fault = (call, path) => (call === 'readFile' && path === statePath ? 'EIO' : undefined);
    const store = await reopen(fileSystem);
    expect(store).toMatchObject({ source: 'last-good-copy', durable: true, current: identity });
    expect(fileSystem.names()).toContain(`${statePath}.damaged-1`);
  });

  test.each(['EMFILE', 'EIO'])('with %s on the state file for a moment uses it nonetheless', async (code) => {
    const { fileSystem, identity } = await enrolledDisk();
    let refusals = 2;
    fileSystem.fault = (call, path) =>
      call === 'readFile' && path === statePath && (refusals -= 1) >= 0 ? code : undefined;
    const store = await reopen(fileSystem);
    expect(store).toMatchObject({ source: 'state-file', durable: true, current: identity, notices: [] });
  });

  test('for lack of resources moves no newer state aside for an older copy', async () => {
    const { fileSystem, identity } = await enrolledDisk();
    const names = fileSystem.names();
    fileSystem.fault = (call, path) => (call === 'readFile' && path === statePath ? 'EMFILE' : undefined);
    const store = await reopen(fileSystem);
    expect(store).toMatchObject({ source: 'last-good-copy', durable: false, current: identity });
    expect(said(store)).toMatchObject([{ level: 'error', message: expect.stringMatching(/EMFILE.*restart/) }]);
    expect(await store.update(enrolled('token-2'))).toMatchObject({ ok: false });
    expect(fileSystem.names()).toEqual(names);
    expect(await store.unreadable?.isOver()).toBe(false);
    fileSystem.fault = () => undefined;
    expect(await store.unreadable?.isOver()).toBe(true);
  });

  test('because the state path is a directory says which file to name instead', async () => {
    const fileSystem = new MemoryFileSystem().put(`${statePath}/inside`, '');
    const store = await open(fileSystem);
    expect(store.durable).toBe(false);
    expect(store.notices[0]?.remedy).toContain(`${statePath}/state.json`);
  });

  test('because a part of the path is a file says so', async () => {
    const store = await open(new MemoryFileSystem().put('/data/baseos', 'a file'));
    expect(store.durable).toBe(false);
    expect(store.notices.map(({ message }) => message).join()).toMatch(/is a file, not a directory/);
  });
});

describe('a state file that others can read', () => {
  test('is made private, with a warning', async () => {
    const { fileSystem, identity } = await enrolledDisk();
    fileSystem.put(statePath, fileSystem.text(statePath) ?? '', 0o644);
    const store = await reopen(fileSystem);
    expect(store.current).toEqual(identity);
    expect(worst(store)).toBe('warn');
    expect(fileSystem.mode(statePath)).toBe(0o600);
  });

  test('is made private as last good copy too', async () => {
    const { fileSystem } = await enrolledDisk();
    fileSystem.put(copyPath, fileSystem.text(copyPath) ?? '', 0o644);
    await reopen(fileSystem);
    expect(fileSystem.mode(copyPath)).toBe(0o600);
  });
});

describe('BASEOS_NODE_TOKEN', () => {
  test('of the node whose disk was copied is remembered as that node’s at every start', async () => {
    const { fileSystem } = await enrolledDisk({ BALENA_DEVICE_UUID: 'device-1' });
    const environment = { BALENA_DEVICE_UUID: 'device-2', BASEOS_NODE_TOKEN: 'token-1' };
    const first = await reopen(fileSystem, environment);
    const second = await reopen(fileSystem, environment);
    for (const { current } of [first, second]) {
      expect(current.enrolment).toMatchObject({ environmentTokenIsForeign: true });
      expect(current.enrolment?.nodeToken).toBeUndefined();
    }
  });

  test('that belongs to no known node is a configuration error', async () => {
    const error = await open(new MemoryFileSystem(), { BASEOS_NODE_TOKEN: 'canary' }).catch(
      (thrown: unknown) => thrown,
    );
    expect(isBaseRunnerError(error)).toBe(true);
    expect(error).toMatchObject({ code: 'invalid-configuration', mistakes: [{ variable: 'BASEOS_NODE_TOKEN' }] });
    expect(String(error)).not.toContain('canary');
  });
});

describe('an abort', () => {
  test('before the directory is opened is the reason of the failure', async () => {
    const reason = new Error('stopped');
    const parsed = parseConfig({ BASEOS_STATE_PATH: statePath });
    if (!parsed.ok) throw new Error('unreachable');
    const opening = openIdentity({
      config: parsed.config,
      fileSystem: new MemoryFileSystem(),
      lockDirectory: noLock,
      signal: AbortSignal.abort(reason),
    });
    await expect(opening).rejects.toBe(reason);
  });
});

describe('readIdentity', () => {
  test('reports what is stored without its secrets, and writes nothing', async () => {
    const { fileSystem, identity } = await enrolledDisk({ BALENA_DEVICE_UUID: 'device-1' });
    const changes = fileSystem.changes.length;
    const stored = await readIdentity({ statePath, fileSystem });
    expect(stored).toEqual({
      source: 'state-file',
      format: 1,
      nodeId: identity.nodeId,
      deviceUuid: 'device-1',
      previousNodeId: undefined,
      enrolment: { origin: cloudly, cloudlyId: 'c1', legacy: false, hasNodeToken: true, dormancy: undefined },
      notices: [],
    });
    expect(fileSystem.changes).toHaveLength(changes);
  });

  test('reports that nothing is stored yet', async () => {
    expect(await readIdentity({ statePath, fileSystem: new MemoryFileSystem() })).toEqual({
      source: 'none',
      notices: [],
    });
  });
});

function setAsideOn(fileSystem: MemoryFileSystem): (string | undefined)[] {
  return fileSystem
    .names()
    .filter((name) => name.includes('.damaged-'))
    .map((name) => fileSystem.text(name));
}

/** The state with other members and a checksum that is right for them, as another version would write it. */
function rewritten(fileSystem: MemoryFileSystem, members: object): MemoryFileSystem {
  const { checksum: _checksum, ...content } = { ...stateOf(fileSystem), ...members };
  const checksum = `sha256:${createHash('sha256')
    .update(JSON.stringify(sortedByKey(content)))
    .digest('hex')}`;
  return fileSystem.put(statePath, JSON.stringify({ ...content, checksum }));
}

function sortedByKey(content: object): object {
  return Object.fromEntries(Object.entries(content).toSorted(([one], [other]) => (one < other ? -1 : 1)));
}
