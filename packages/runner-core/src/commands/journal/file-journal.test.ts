import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { MemoryFileSystem } from '../../../test/memory-file-system.js';
import { disksAfterPowerCut } from '../../../test/power-cut.js';
import { commandId } from '../../../test/worker-rig.js';
import { openFileJournal } from './file-journal.js';
import type { JournalNode } from './command-journal.js';
import { canonicalJson } from '../../values/canonical-json.js';
import type { JournalEntry } from './journal-entry.js';

const statePath = '/data/baseos/state.json';
const path = '/data/baseos/journal.json';
const node: JournalNode = { nodeId: 'node-1', origin: 'https://cloudly.example', isEnrolled: true };

function asked(number: number): JournalEntry {
  return {
    state: 'asked',
    id: commandId(number),
    command: { id: commandId(number), kind: 'restart-service', service: 'main', appId: 7, timeoutMs: 60_000 },
    notes: { kernelBootId: 'boot-1', appId: 7, containers: { main: 'abc' }, fromCommit: 'one', targetCommit: 'two' },
    time: { spentMs: 12, kernelBootId: 'boot-1', uptimeMs: 34.5 },
    stopped: true,
  };
}

const entries: JournalEntry[] = [
  {
    state: 'told',
    id: commandId(1),
    kind: 'blink',
    outcome: 'failed',
    errorCode: 'locked',
    endedAt: '2026-11-30T00:00:00.000Z',
  },
  { state: 'told', id: commandId(2), kind: 'blink', outcome: 'succeeded', refused: true },
  {
    state: 'ended',
    id: commandId(3),
    kind: 'update',
    result: {
      id: commandId(3),
      outcome: 'failed',
      durationMs: 5,
      error: { code: 'x', message: 'y' },
      details: { commit: 'two' },
    },
    endedAt: '2026-11-30T00:00:00.000Z',
  },
  asked(4),
  {
    state: 'taken',
    id: commandId(5),
    command: { id: commandId(5), kind: 'preview', of: { kind: 'update', force: true } },
  },
];

function newDisk(): MemoryFileSystem {
  return new MemoryFileSystem().put(statePath, '{}');
}

async function open(fileSystem: MemoryFileSystem, changes: Partial<JournalNode> = {}) {
  return openFileJournal({ statePath, node: { ...node, ...changes }, fileSystem });
}

/** By the rule of every format: SHA-256 of everything else, its keys sorted. */
function withChecksum({ checksum: _old, ...content }: Record<string, unknown>): string {
  const digest = createHash('sha256').update(canonicalJson(content)).digest('hex');
  return JSON.stringify({ ...content, checksum: `sha256:${digest}` });
}

async function stored(): Promise<MemoryFileSystem> {
  const fileSystem = newDisk();
  const journal = await open(fileSystem);
  expect(await journal.store({ entries, updates: 'gated' })).toEqual({ ok: true });
  return fileSystem;
}

describe('a journal on the disk', () => {
  test('is read as it was stored', async () => {
    const { found } = await open(await stored());
    expect(found).toEqual({ entries, updates: 'gated', isComplete: true, isStored: true });
  });

  test('that is stored as incomplete is found so, also by the next agent', async () => {
    const fileSystem = await stored();
    await (await open(fileSystem)).store({ entries, isIncomplete: true });
    expect((await open(fileSystem)).found).toMatchObject({ entries, isComplete: false, isStored: true });
  });

  test('is accessible to this user only', async () => {
    const fileSystem = await stored();
    expect([(await fileSystem.status(path)).mode, (await fileSystem.status(`${path}.last-good`)).mode]).toEqual([
      0o600, 0o600,
    ]);
  });

  test.each([
    ['truncated', (disk: MemoryFileSystem) => disk.put(path, (disk.text(path) ?? '').slice(0, 50))],
    [
      'altered',
      (disk: MemoryFileSystem) =>
        disk.put(path, (disk.text(path) ?? '').replace('"taken"', '"taken" ').replace('"boot-1"', '"boot-9"')),
    ],
    ['missing', (disk: MemoryFileSystem) => disk.forget(path)],
    [
      'a directory',
      (disk: MemoryFileSystem) =>
        void (disk.fault = (call, at) => (call === 'readFile' && at === path ? 'EISDIR' : undefined)),
    ],
  ])('that is %s is read from its copy, and counts as incomplete', async (_what, damage) => {
    const fileSystem = await stored();
    damage(fileSystem);
    const { found } = await open(fileSystem);
    expect(found).toMatchObject({ entries, isComplete: false, isStored: false, notice: { code: 'journal-from-copy' } });
  });

  test('that is damaged with its copy is empty and incomplete, and that is said', async () => {
    const fileSystem = await stored();
    fileSystem.put(path, '').put(`${path}.last-good`, '');
    const { found } = await open(fileSystem);
    expect(found).toMatchObject({ entries: [], isComplete: false, notice: { code: 'journal-lost' } });
  });

  test('that another thing takes the place of names it, and what to do', async () => {
    const fileSystem = newDisk();
    await fileSystem.makeDirectory(path, 0o700);
    const journal = await open(fileSystem);
    expect(journal.found.notice).toMatchObject({
      code: 'journal-lost',
      message: expect.stringContaining(`${path} is a directory, but the agent needs a file of that name.`),
      remedy: expect.stringMatching(/^Remove the directory\. Then check each interrupted command/),
    });
    fileSystem.fault = (call) => (call === 'rename' ? 'EISDIR' : undefined);
    expect(await journal.store({ entries })).toMatchObject({ problem: { code: 'directory-in-the-way' } });
  });

  test('of a newer format is read as far as it is the same, and is said to be newer otherwise', async () => {
    const fileSystem = await stored();
    const content = JSON.parse(fileSystem.text(path) ?? '');
    fileSystem.forget(`${path}.last-good`);
    fileSystem.put(path, withChecksum({ ...content, format: 2, more: [1] }));
    expect((await open(fileSystem)).found).toMatchObject({ entries, isComplete: true });
    fileSystem.put(path, withChecksum({ ...content, format: 2, entries: { some: 'other shape' } }));
    expect((await open(fileSystem)).found).toMatchObject({
      entries: [],
      isComplete: false,
      notice: {
        code: 'journal-newer',
        message: expect.stringMatching(/^A newer version of BaseRunner wrote .*\(format 2\).* It is replaced/),
      },
    });
    fileSystem.put(path, withChecksum({ ...content, format: 1, entries: {} }));
    expect((await open(fileSystem)).found.notice).toMatchObject({ code: 'journal-lost' });
  });

  test('that is missing counts as incomplete only beside an enrolled identity', async () => {
    expect((await open(newDisk())).found).toEqual({ entries: [], isComplete: false, isStored: false });
    expect((await open(newDisk(), { isEnrolled: false })).found).toMatchObject({ isComplete: true });
  });

  test.each([{ nodeId: 'node-2' }, { origin: 'https://elsewhere.example' }])('of %o is not used', async (other) => {
    const { found } = await open(await stored(), other);
    expect(found).toEqual({ entries: [], isComplete: false, isStored: false });
  });

  test('keeps the commands of a newer version from starting again', async () => {
    const fileSystem = newDisk();
    const newer = { state: 'paused', id: commandId(6), since: 'then' } as unknown as JournalEntry;
    await (await open(fileSystem)).store({ entries: [newer] });
    expect((await open(fileSystem)).found.entries).toMatchObject([
      { state: 'told', id: commandId(6), outcome: 'interrupted' },
    ]);
  });

  test('says why it cannot be stored, and is as it was', async () => {
    const fileSystem = await stored();
    const journal = await open(fileSystem);
    fileSystem.fault = (call) => (call === 'write' ? 'ENOSPC' : undefined);
    expect(await journal.store({ entries: [] })).toMatchObject({ ok: false, problem: { code: 'disk-full' } });
    fileSystem.fault = () => undefined;
    expect((await open(fileSystem)).found.entries).toEqual(entries);
  });

  test('is stored although its copy is not', async () => {
    const fileSystem = await stored();
    fileSystem.fault = (call, at) => (call === 'createFile' && at.includes('last-good') ? 'ENOSPC' : undefined);
    expect(await (await open(fileSystem)).store({ entries: [asked(9)] })).toEqual({ ok: true });
    expect((await open(fileSystem)).found.entries).toEqual([asked(9)]);
  });
});

test('after a power cut at any moment, what was stored before is there, or it is known that something is missing', async () => {
  const fileSystem = await stored();
  const start = fileSystem.disk;
  const from = fileSystem.events.length;
  const journal = await open(fileSystem);
  await journal.store({ entries: [...entries, asked(9)] });
  fileSystem.events.push({ kind: 'mark', mark: 'stored' });
  let cuts = 0;
  for (const { disk, marks } of disksAfterPowerCut(start, fileSystem.events.slice(from))) {
    cuts += 1;
    const { found } = await open(new MemoryFileSystem(disk));
    const hasNewest = found.entries.some(({ id }) => id === commandId(9));
    expect(found.entries.length).toBeGreaterThanOrEqual(entries.length);
    expect(hasNewest || !marks.includes('stored')).toBe(true);
    expect(found.isComplete || found.notice !== undefined).toBe(true);
  }
  expect(cuts).toBeGreaterThan(20);
});
