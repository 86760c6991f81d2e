import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MemoryFileSystem } from '../../test/memory-file-system.js';
import { VirtualClock } from '../../test/virtual-clock.js';
import { nodeFileSystem } from '../ports/node-file-system.js';
import type { GateMemory } from './gate-memory.js';
import { gateMemoryFile, type GateMemoryStore } from './gate-memory-file.js';
import { GateRecord } from './gate-record.js';
import { isTooSilent, nextNoteMs } from './silence.js';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** A disk that outlasts the agents. */
function disk(): GateMemoryStore & { memory: GateMemory; writes: number } {
  const all = {
    memory: { unprovenStarts: 0, silentMs: 0 },
    writes: 0,
    load: async () => all.memory,
    store: async (memory: GateMemory) => {
      all.writes += 1;
      all.memory = memory;
    },
  };
  return all;
}

async function start(store: GateMemoryStore, clock = new VirtualClock(), opensAfterMs = 30 * dayMs) {
  const record = new GateRecord({ store, clock, opensAfterMs });
  const found = await record.load();
  record.save();
  await record.saved();
  return { record, clock, found };
}

describe('starts', () => {
  test('the third in a row after two that proved nothing is a crash loop', async () => {
    const store = disk();
    expect((await start(store)).found.isCrashLoop).toBe(false);
    expect((await start(store)).found.isCrashLoop).toBe(false);
    expect((await start(store)).found.isCrashLoop).toBe(true);
    expect((await start(store)).found.isCrashLoop).toBe(true);
  });

  test('one that proves itself ends the row, and is stored once', async () => {
    const store = disk();
    await start(store);
    await start(store);
    const { record } = await start(store);
    const { writes } = store;
    expect(record.prove()).toBe(true);
    expect(record.prove()).toBe(false);
    await record.saved();
    expect(store.writes).toBe(writes + 1);
    expect((await start(store)).found.isCrashLoop).toBe(false);
  });

  test('one that was stopped on purpose does not count', async () => {
    const store = disk();
    await start(store);
    for (let stops = 0; stops < 5; stops += 1) {
      const { record, found } = await start(store);
      expect(found.isCrashLoop).toBe(false);
      record.noteStop();
      await record.saved();
    }
  });
});

describe('time without an answer', () => {
  test('counts while the agent runs, is stored each hour, and outlasts restarts', async () => {
    const store = disk();
    for (let restarts = 0; restarts < 10; restarts += 1) {
      const { record, clock, found } = await start(store);
      expect(found.isTooSilent).toBe(false);
      for (let hours = 0; hours < 3 * 24; hours += 1) {
        await clock.advance(hourMs);
        record.noteSilence();
      }
      await record.saved();
    }
    expect(store.memory.silentMs).toBe(30 * dayMs);
    expect((await start(store)).found.isTooSilent).toBe(true);
  });

  test('an answer ends it, and writes only if something was stored', async () => {
    const store = disk();
    const { record, clock } = await start(store);
    const { writes } = store;
    for (let minutes = 0; minutes < 300; minutes += 1) {
      await clock.advance(60_000);
      record.hear();
      record.noteSilence();
    }
    await record.saved();
    expect(store.writes).toBe(writes);
    await clock.advance(2 * hourMs);
    record.noteSilence();
    record.hear();
    await record.saved();
    expect(store.writes).toBe(writes + 2);
    expect(store.memory.silentMs).toBe(0);
  });

  test('a jump of the wall clock does nothing', async () => {
    const store = disk();
    const { record, clock } = await start(store);
    clock.jumpWall(400 * dayMs);
    record.noteSilence();
    expect(record.isTooSilent).toBe(false);
  });

  test('0 means never, and no rest is longer than an hour or passes the end', () => {
    const memory = fc.record({ silentMs: fc.nat(40 * dayMs) });
    fc.assert(
      fc.property(memory, fc.nat(40 * dayMs), (silent, opensAfterMs) => {
        expect(isTooSilent(silent, 0)).toBe(false);
        const restMs = nextNoteMs(silent, opensAfterMs);
        expect(restMs).toBeGreaterThan(0);
        expect(restMs).toBeLessThanOrEqual(hourMs);
        expect(silent.silentMs + restMs <= opensAfterMs || opensAfterMs <= silent.silentMs).toBe(true);
      }),
    );
  });
});

test('the file beside the state holds it, and one that cannot be read counts as blank and is reported once', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'gate-'));
  try {
    const problems: string[] = [];
    const file = gateMemoryFile({
      statePath: join(directory, 'state.json'),
      lockPath: undefined,
      fileSystem: nodeFileSystem,
      onProblem: ({ code, remedy }) => problems.push(`${code}: ${remedy}`),
    });
    expect(await file.load()).toEqual({ unprovenStarts: 0, silentMs: 0 });
    await file.store({ unprovenStarts: 2, silentMs: 3_600_000.4 });
    expect(await file.load()).toEqual({ unprovenStarts: 2, silentMs: 3_600_000 });
    expect(await readFile(join(directory, 'gate.json'), 'utf8')).toBe('{"unprovenStarts":2,"silentMs":3600000}\n');
    for (const content of ['', '{"unprovenStarts":-1,"silentMs":0}', '{"unprovenStarts":2}', 'null']) {
      await writeFile(join(directory, 'gate.json'), content);
      expect(await file.load()).toEqual({ unprovenStarts: 0, silentMs: 0 });
    }
    expect(problems).toEqual([]);
    await rm(join(directory, 'gate.json'));
    await mkdir(join(directory, 'gate.json'));
    expect(await file.load()).toEqual({ unprovenStarts: 0, silentMs: 0 });
    await file.store({ unprovenStarts: 1, silentMs: 0 });
    expect(problems).toEqual(['directory-in-the-way: Remove the directory.']);
  } finally {
    await rm(directory, { recursive: true });
  }
});

describe('on a disk that refuses writes', () => {
  const setUp = (code: string) => {
    const fileSystem = new MemoryFileSystem().put('/data/state.json', '').put('/tmp/balena/resin.lock', '');
    let isRefusing = true;
    fileSystem.fault = (call, path) =>
      isRefusing && call !== 'readFile' && call !== 'status' && path.startsWith('/data') ? code : undefined;
    const problems: string[] = [];
    const open = () =>
      gateMemoryFile({
        statePath: '/data/state.json',
        lockPath: '/tmp/balena/updates.lock',
        fileSystem,
        onProblem: ({ message }) => problems.push(message),
      });
    return { fileSystem, problems, open, mend: () => (isRefusing = false) };
  };

  test.each(['ENOSPC', 'EROFS', 'EIO'])('crashes are counted beside the lock: %s', async (code) => {
    const { problems, open } = setUp(code);
    const found = [];
    for (let starts = 0; starts < 3; starts += 1) found.push((await start(open())).found.isCrashLoop);
    expect(found).toEqual([false, false, true]);
    expect(problems).toHaveLength(3);
    expect(problems[0]).toContain('beyond a restart of the device. ');
  });

  test('what is beside the lock goes once the disk takes it, and counts until then', async () => {
    const { fileSystem, open, mend } = setUp('ENOSPC');
    fileSystem.put('/data/gate.json', '{"unprovenStarts":1,"silentMs":5}');
    await open().store({ unprovenStarts: 2, silentMs: 3 });
    expect(fileSystem.text('/tmp/balena/baseos-gate.json')).toBe('{"unprovenStarts":2,"silentMs":3}\n');
    const next = open();
    expect(await next.load()).toEqual({ unprovenStarts: 2, silentMs: 5 });
    mend();
    await next.store({ unprovenStarts: 0, silentMs: 5 });
    expect(fileSystem.text('/tmp/balena/baseos-gate.json')).toBe(undefined);
    expect(await open().load()).toEqual({ unprovenStarts: 0, silentMs: 5 });
  });

  test('nothing rejects where neither place can be written', async () => {
    const { fileSystem, open } = setUp('EROFS');
    const { fault } = fileSystem;
    fileSystem.fault = (call, path) => fault(call, path) ?? (call === 'createFile' ? 'ENOSPC' : undefined);
    await open().store({ unprovenStarts: 2, silentMs: 3 });
    expect(await open().load()).toEqual({ unprovenStarts: 0, silentMs: 0 });
  });
});
