import type { UpdateMode } from '@serve.zone/baseos-contracts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { askNotes, deviceView } from '../../test/device-views.js';
import { FakeServiceLock } from '../../test/fake-service-lock.js';
import { recordingLogger } from '../../test/simulation.js';
import { VirtualClock } from '../../test/virtual-clock.js';
import { gateMemoryInProcess } from './gate-memory-file.js';
import { ReleaseGate, type ReleaseGateParts } from './release-gate.js';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const update = { id: 'update-1', kind: 'update' };
const rest = deviceView();
const held = deviceView({
  supervisor: { updatePending: true, updateFailed: true, updateDownloaded: true, appState: 'applying' },
  app: { targetCommit: 'new', updateStatus: 'downloaded' },
});

/** A device that outlasts its agents. */
function gatedDevice(changes: Partial<ReleaseGateParts> = {}) {
  const lock = new FakeServiceLock();
  const clock = new VirtualClock();
  const memory = gateMemoryInProcess();
  const device = {
    lock,
    clock,
    view: rest,
    news: 0,
    lines: [] as { message: string }[],
    stopping: new AbortController(),
    start: async (
      { updates, open = [] }: { updates?: UpdateMode; open?: string[] } = {},
      more: Partial<ReleaseGateParts> = {},
    ): Promise<ReleaseGate> => {
      device.stopping.abort();
      device.stopping = new AbortController();
      const { logger, lines } = recordingLogger();
      device.lines = lines;
      const gate = new ReleaseGate({
        environment: 'gated',
        mayUpdate: true,
        opensAfterMs: 30 * dayMs,
        takeLock: lock.take,
        memory,
        look: async () => device.view,
        clock,
        logger,
        onNews: () => void (device.news += 1),
        stopping: device.stopping.signal,
        ...changes,
        ...more,
      });
      await gate.start({ updates, openUpdateIds: open });
      await gate.closed();
      return gate;
    },
    kill: () => {
      device.stopping.abort();
      lock.kill();
    },
  };
  return device;
}

describe('at the start', () => {
  test('the lock is held before anything else goes on', async () => {
    const device = gatedDevice();
    const gate = await device.start();
    expect(device.lock.holder).toBe('ours');
    expect(gate.status).toMatchObject({ mode: 'gated', gate: 'closed' });
  });

  test('a lock that a killed agent left is taken over', async () => {
    const device = gatedDevice();
    await device.start();
    device.kill();
    expect((await device.start()).status.gate).toBe('closed');
  });

  test('while an update is under way the gate stays open, and a lock that was left is removed', async () => {
    const device = gatedDevice();
    device.lock.holder = 'left';
    const gate = await device.start({ open: [update.id] });
    expect(device.lock.holder).toBe(undefined);
    expect(gate.status.gate).toBe('open');
    await device.clock.advance(10 * 60_000);
    expect(device.lock.holder).toBe(undefined);
    gate.afterAsked(update);
    await device.clock.advance(1000);
    expect(device.lock.holder).toBe('ours');
  });

  test('a free device removes a lock that was left, and then does nothing', async () => {
    const device = gatedDevice({ environment: 'free' });
    device.lock.holder = 'left';
    const gate = await device.start();
    expect(device.lock.holder).toBe(undefined);
    expect(gate.status).toEqual({ mode: 'free' });
    expect(device.clock.sleeping).toBe(0);
  });

  test.each(['supervisor', 'process', 'unknown'] as const)(
    'a free device leaves a lock of %s alone',
    async (holder) => {
      const device = gatedDevice({ environment: 'free' });
      device.lock.holder = holder;
      await device.start();
      expect(device.lock.holder).toBe(holder);
    },
  );

  test('a folder that takes no lock makes the gate unavailable, and says what to do, once in the log', async () => {
    const device = gatedDevice();
    device.lock.failure = 'run chmod 1777 on the folder';
    const gate = await device.start();
    expect(gate.status).toMatchObject({ gate: 'unavailable', reason: expect.stringContaining('chmod 1777') });
    await device.clock.advance(60_000);
    device.lock.failure = undefined;
    await device.clock.advance(6000);
    expect(gate.status.gate).toBe('closed');
    expect(device.lines.map(({ message }) => message)).toEqual([
      'The gate is unavailable. Releases cannot be held. run chmod 1777 on the folder',
      'The gate is closed: it holds releases back now.',
    ]);
  });

  test('the operator reads that nobody can open a gate where the device accepts no update', async () => {
    const device = gatedDevice({ mayUpdate: false });
    await device.start({ updates: 'free' });
    expect(device.lock.holder).toBe('ours');
    expect(device.lines.map(({ message }) => message).join()).toContain('BASEOS_COMMANDS');
  });
});

describe('a command', () => {
  test('update opens the gate, and its end closes it once the lock of the Supervisor is gone', async () => {
    const device = gatedDevice();
    device.view = held;
    const gate = await device.start();
    expect(await gate.beforeAsk(update, askNotes(), held)).toBe(undefined);
    gate.onAccepted(update);
    expect(device.lock.holder).toBe(undefined);
    expect(gate.status.gate).toBe('open');
    device.lock.holder = 'supervisor';
    device.view = rest;
    gate.afterAsked(update);
    await device.clock.advance(30_000);
    expect(device.lock.holder).toBe('supervisor');
    expect(gate.status).toMatchObject({ gate: 'open', reason: expect.stringContaining('Supervisor') });
    device.lock.holder = undefined;
    await device.clock.advance(1000);
    expect(device.lock.holder).toBe('ours');
    expect(gate.status.gate).toBe('closed');
  });

  test('update closes the gate once its release is watched, and opens it again if that is replaced', async () => {
    const device = gatedDevice();
    const gate = await device.start();
    await gate.beforeAsk(update, askNotes(), held);
    for (const [phase, holder] of [
      ['downloading', undefined],
      ['installing', undefined],
      ['verifying', 'ours'],
      ['installing', undefined],
      ['verifying', 'ours'],
    ] as const) {
      gate.onPhase(update, phase);
      await device.clock.advance(1000);
      expect([phase, device.lock.holder]).toEqual([phase, holder]);
    }
  });

  test('a restart gets the lock released with nothing to apply, and is refused behind a held release', async () => {
    const device = gatedDevice();
    const gate = await device.start();
    const restart = { id: 'restart-1', kind: 'restart-app' };
    expect(await gate.beforeAsk(restart, askNotes(), held)).toMatchObject({ kind: 'end' });
    expect(device.lock.holder).toBe('ours');
    for (const close of [gate.onAccepted.bind(gate), gate.afterAsked.bind(gate)]) {
      expect(await gate.beforeAsk(restart, askNotes(), rest)).toBe(undefined);
      expect(device.lock.holder).toBe(undefined);
      close(restart);
      await device.clock.advance(1000);
      expect(device.lock.holder).toBe('ours');
    }
  });

  test('an update that is under way keeps a gate open that Cloudly closes meanwhile', async () => {
    const device = gatedDevice({ environment: 'free' });
    const gate = await device.start();
    await gate.beforeAsk(update, askNotes(), rest);
    gate.hear({ updates: 'gated' });
    await device.clock.advance(60_000);
    expect(device.lock.holder).toBe(undefined);
    gate.afterAsked(update);
    await device.clock.advance(1000);
    expect(device.lock.holder).toBe('ours');
  });
});

test('Cloudly opens and closes the gate of a device by its setting', async () => {
  const device = gatedDevice({ environment: 'free' });
  const gate = await device.start({ updates: 'gated' });
  expect(device.lock.holder).toBe('ours');
  gate.hear({ updates: 'free' });
  await device.clock.advance(1000);
  expect(device.lock.holder).toBe(undefined);
  gate.hear({ updates: 'gated' });
  await device.clock.advance(1000);
  expect(device.lock.holder).toBe('ours');
  gate.hear({ updates: undefined });
  await device.clock.advance(1000);
  expect([device.lock.holder, gate.status]).toEqual([undefined, { mode: 'free' }]);
});

test('a release behind the gate is told, once, and a new one tells of itself', async () => {
  const device = gatedDevice();
  const gate = await device.start();
  await device.clock.advance(60_000);
  const { news } = device;
  device.view = held;
  await device.clock.advance(120_000);
  expect(gate.status).toMatchObject({ staged: 'new', reason: expect.stringContaining('held by this device') });
  expect(device.news).toBe(news + 1);
  device.view = rest;
  await device.clock.advance(60_000);
  expect(gate.status.staged).toBe(undefined);
  expect(device.news).toBe(news + 2);
});

describe('a gate does not outlive its keeper', () => {
  test('the third start in a row that proved nothing holds no release, and removes the lock of the ones before', async () => {
    const device = gatedDevice();
    for (let crashes = 0; crashes < 2; crashes += 1) {
      await device.start();
      expect(device.lock.holder).toBe('ours');
      device.kill();
    }
    const gate = await device.start();
    expect(device.lock.holder).toBe(undefined);
    expect(gate.status).toMatchObject({ gate: 'unavailable', reason: expect.stringContaining('crashed') });
    gate.noteTurn();
    await device.clock.advance(1000);
    expect(gate.status.gate).toBe('closed');
  });

  test('a turn, ten minutes or a stop on purpose end the row', async () => {
    const device = gatedDevice();
    for (let starts = 0; starts < 9; starts += 1) {
      const gate = await device.start();
      expect(device.lock.holder).toBe('ours');
      if (starts % 3 === 0) gate.noteTurn();
      if (starts % 3 === 1) gate.noteStop();
      if (starts % 3 === 2) await device.clock.advance(11 * 60_000);
      await gate.closed();
      device.kill();
    }
  });

  test('too long without an answer opens it, also over restarts, and the next answer closes it', async () => {
    const device = gatedDevice({ opensAfterMs: 3 * hourMs });
    let gate = await device.start();
    await device.clock.advance(2.9 * hourMs);
    expect(gate.status.gate).toBe('closed');
    device.kill();
    gate = await device.start();
    expect(gate.status.gate).toBe('closed');
    await device.clock.advance(1.1 * hourMs);
    expect(device.lock.holder).toBe(undefined);
    expect(gate.status).toMatchObject({ gate: 'open', reason: expect.stringContaining('BASEOS_GATE_OPENS_AFTER') });
    device.kill();
    gate = await device.start();
    expect(gate.status.gate).toBe('open');
    gate.hear({ updates: undefined });
    await device.clock.advance(1000);
    expect(gate.status.gate).toBe('closed');
  });

  test('0 never opens it', async () => {
    const device = gatedDevice({ opensAfterMs: 0 });
    const gate = await device.start();
    await device.clock.advance(5 * hourMs);
    expect(gate.status.gate).toBe('closed');
  });
});

test('whatever happens in whatever order, the lock is held exactly while it is wanted and free', async () => {
  const events = fc.array(
    fc.constantFrom('ask', 'end', 'gated', 'free', 'own', 'override', 'supervisor-done', 'crash', 'turn', 'hour'),
    { maxLength: 25 },
  );
  await fc.assert(
    fc.asyncProperty(events, async (sequence) => {
      const device = gatedDevice();
      let [updates, isOpen]: [UpdateMode | undefined, boolean] = [undefined, false];
      let gate = await device.start();
      for (const event of sequence) {
        if (event === 'ask') isOpen = (await gate.beforeAsk(update, askNotes(), rest)) === undefined;
        if (event === 'end') {
          gate.afterAsked(update);
          isOpen = false;
        }
        if (event === 'gated' || event === 'free') updates = event;
        if (event === 'own') updates = undefined;
        if (event === 'gated' || event === 'free' || event === 'own') gate.hear({ updates });
        if (event === 'override') device.lock.holder = 'supervisor';
        if (event === 'supervisor-done' && device.lock.holder === 'supervisor') device.lock.holder = undefined;
        if (event === 'turn') gate.noteTurn();
        if (event === 'hour') await device.clock.advance(hourMs);
        if (event === 'crash') {
          device.kill();
          gate = await device.start({ ...(updates && { updates }), open: isOpen ? [update.id] : [] });
        }
        await device.clock.advance(6000);
        const isUnavailable = gate.status.gate === 'unavailable';
        const isWanted = updates !== 'free' && !isOpen && !isUnavailable;
        const { holder } = device.lock;
        expect(holder).toBe(holder === 'supervisor' ? 'supervisor' : isWanted ? 'ours' : undefined);
        expect(gate.status.gate === 'closed').toBe(holder === 'ours');
      }
      device.stopping.abort();
    }),
    { numRuns: 60 },
  );
});
