import { limits } from '@serve.zone/baseos-contracts';
import { describe, expect, test } from 'vitest';
import type { HandlerEvent } from '../context/handler-event.js';
import { commandState } from '../fleet/command-state.js';
import { cancelCommand } from '../operator/cancel-command.js';
import type { OperatorEvent } from '../operator/operator-event.js';
import type { CommandOrder } from '../fleet/command-order.js';
import { queueCommand } from '../operator/queue-command.js';
import { setUpdatesMode } from '../operator/set-updates-mode.js';
import { runtimeStatus } from '../stores/suite/fixtures.js';
import { createCloudly } from '../../test/fixtures/cloudly.js';
import { createEmulatedNode } from '@serve.zone/baseos-testing/nodes/emulated-node';
import { enrol } from '../../test/fixtures/enrol.js';
import { stores } from '../../test/fixtures/stores.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

describe.for(stores)('a command under way, on $name', ({ openStore }) => {
  const setUp = async () => {
    const cloudly = createCloudly(await openStore());
    const device = createEmulatedNode();
    const nodeToken = await enrol(cloudly, device);
    const { nodeId } = device;
    const told: OperatorEvent[] = [];
    const operator = { now: cloudly.now, onEvent: (event: OperatorEvent) => void told.push(event) };
    const queue = async (order: CommandOrder) => {
      const queued = await queueCommand(cloudly.store, nodeId, order, operator);
      if (queued.outcome !== 'queued') throw new Error(`the command was not queued: ${queued.outcome}`);
      return queued;
    };
    const beat = async (changes: Parameters<typeof device.heartbeat>[0] = {}) =>
      (await cloudly.heartbeat(device.heartbeat(changes), nodeToken)).answer;
    const record = async (id: string) => {
      const found = await cloudly.store.findCommand(nodeId, id);
      if (!found) throw new Error(`there is no command ${id}`);
      return found;
    };
    const state = async (id: string) => commandState(await record(id), cloudly.now());
    const eventsOf = <Kind extends HandlerEvent['kind']>(kind: Kind) =>
      cloudly.events.filter((event): event is Extract<HandlerEvent, { kind: Kind }> => event.kind === kind);
    return { cloudly, device, nodeId, nodeToken, operator, told, queue, beat, record, state, eventsOf };
  };

  test('is listed with its times, its release and what it previews', async () => {
    const { queue, beat } = await setUp();
    const update = { kind: 'update', appId: 7, commit: 'abc', timeoutMs: 5000, soakMs: 0 } as const;
    const preview = { kind: 'preview', of: { kind: 'stop-service', service: 'main', force: true } } as const;
    await queue(update);
    await queue(preview);
    expect((await beat())?.desiredState?.commands).toMatchObject([update, preview]);
  });

  test('keeps what the node says of it, and stays listed meanwhile', async () => {
    const { cloudly, nodeId, queue, beat, record, state, eventsOf } = await setUp();
    const { command } = await queue({ kind: 'update' });
    const { id } = command;
    await beat();
    expect(eventsOf('command-listed')).toMatchObject([{ nodeId, command: { id } }]);
    cloudly.advance(MINUTE_MS);
    const waiting = { id, phase: 'waiting-for-lock', reason: 'The service main holds a lock', sinceMs: 5000 } as const;
    await beat({ runningCommand: waiting });
    expect(await state(id)).toBe('running');
    const reportedAtMs = cloudly.now();
    const running = {
      phase: 'waiting-for-lock',
      reason: waiting.reason,
      phaseBeganAtMs: reportedAtMs - 5000,
      reportedAtMs,
    };
    expect(await record(id)).toMatchObject({ running });
    cloudly.advance(MINUTE_MS);
    const answer = await beat({ runningCommand: { id, phase: 'downloading', progressPercent: 40 } });
    expect(answer?.desiredState?.commands).toMatchObject([{ id }]);
    await beat({ runningCommand: { id, phase: 'downloading', progressPercent: 50 } });
    await beat();
    expect((await record(id)).running).toMatchObject({ phase: 'downloading', progressPercent: 50 });
    expect(eventsOf('command-phase-changed')).toMatchObject([
      { nodeId, command: { id, running: { phase: 'waiting-for-lock' } } },
      { nodeId, command: { id, running: { phase: 'downloading' } }, phaseBefore: 'waiting-for-lock' },
    ]);
    expect(eventsOf('command-phase-changed')[0]).not.toHaveProperty('phaseBefore');
    expect(eventsOf('command-listed')).toHaveLength(1);
  });

  test('is not changed by a late heartbeat, nor by another node', async () => {
    const { cloudly, device, nodeToken, queue, beat, record } = await setUp();
    const { id } = (await queue({ kind: 'update' })).command;
    const late = device.heartbeat({ runningCommand: { id, phase: 'postponed' } });
    await beat({ runningCommand: { id, phase: 'installing' } });
    expect((await cloudly.heartbeat(late, nodeToken)).status).toBe(200);
    const other = createEmulatedNode();
    const othersToken = await enrol(cloudly, other);
    await cloudly.heartbeat(other.heartbeat({ runningCommand: { id, phase: 'postponed' } }), othersToken);
    expect((await record(id)).running?.phase).toBe('installing');
  });

  test('is told again after a report that could not be stored', async () => {
    const { cloudly, device, nodeToken, queue, record } = await setUp();
    const { id } = (await queue({ kind: 'update' })).command;
    const broken = createCloudly({ ...cloudly.store, saveProgress: () => Promise.reject(new Error('full')) });
    const runningCommand = { id, phase: 'installing' } as const;
    expect((await broken.heartbeat(device.heartbeat({ runningCommand }), nodeToken)).status).toBe(503);
    expect((await cloudly.heartbeat(device.heartbeat({ runningCommand }), nodeToken)).status).toBe(200);
    expect((await record(id)).running?.phase).toBe('installing');
  });

  test('ends as unknown by the clock alone, once, and a later result still counts', async () => {
    const { cloudly, nodeId, queue, beat, state, eventsOf } = await setUp();
    const { command } = await queue({ kind: 'restart-app', expiresInMs: HOUR_MS });
    const { id } = command;
    await beat({ runningCommand: { id, phase: 'restarting' } });
    cloudly.advance(HOUR_MS + 5 * MINUTE_MS + 15 * MINUTE_MS - 1);
    await beat();
    expect(await state(id)).toBe('running');
    cloudly.advance(MINUTE_MS);
    expect(await state(id)).toBe('unknown');
    await beat();
    await expect.poll(() => eventsOf('command-ended')).toMatchObject([{ nodeId, command: { id }, state: 'unknown' }]);
    cloudly.advance(HOUR_MS);
    await beat({ commandResults: [{ id, outcome: 'succeeded' }] });
    expect(await state(id)).toBe('succeeded');
    expect(eventsOf('command-finished')).toMatchObject([{ stateBefore: 'unknown' }]);
    expect(eventsOf('command-ended')).toHaveLength(1);
  });

  test('of a node that never came expires, and that is told by a request of any node', async () => {
    const { cloudly, queue, state, eventsOf } = await setUp();
    const { id } = (await queue({ kind: 'blink' })).command;
    cloudly.advance(HOUR_MS);
    expect(await state(id)).toBe('expired');
    const other = createEmulatedNode();
    await enrol(cloudly, other);
    await expect.poll(() => eventsOf('command-ended')).toMatchObject([{ command: { id }, state: 'expired' }]);
  });

  test('ends with an outcome that this version does not know as unknown', async () => {
    const { queue, beat, record, state } = await setUp();
    const { id } = (await queue({ kind: 'blink' })).command;
    const answer = await beat({ commandResults: [{ id, outcome: 'half-done' }] });
    expect(answer?.desiredState).toEqual({ commands: [] });
    expect(await state(id)).toBe('unknown');
    expect((await record(id)).result?.outcome).toBe('half-done');
  });

  test('waits two long intervals of its node for the result', async () => {
    const { cloudly, device, nodeToken, queue } = await setUp();
    const slow = createCloudly(cloudly.store, { heartbeatIntervalMs: HOUR_MS, random: () => 0, now: cloudly.now });
    await slow.heartbeat(device.heartbeat(), nodeToken);
    const { command } = await queue({ kind: 'blink' });
    expect(command.endsAtMs).toBe(command.expiresAtMs + MINUTE_MS + 2 * HOUR_MS);
  });

  test('is refused as the seventeenth that is due', async () => {
    const { cloudly, nodeId, queue, beat } = await setUp();
    const ids: string[] = [];
    for (let count = 0; count < limits.commandsMax; count += 1) ids.push((await queue({ kind: 'blink' })).command.id);
    const more = () => queueCommand(cloudly.store, nodeId, { kind: 'blink' }, { now: cloudly.now });
    expect(await more()).toEqual({ outcome: 'too-many-due' });
    await beat({ commandResults: [{ id: String(ids[0]), outcome: 'succeeded' }] });
    expect(await more()).toMatchObject({ outcome: 'queued' });
  });

  test('is queued with a warning if the node does not accept its kind, or gets no commands', async () => {
    const { cloudly, nodeId, queue, beat } = await setUp();
    expect((await queue({ kind: 'reboot' })).warnings).toEqual(['not-accepted']);
    const status = { ...runtimeStatus('till-7'), acceptedCommands: ['reboot' as const] };
    await beat({ status });
    expect((await queue({ kind: 'reboot' })).warnings).toEqual([]);
    expect((await queue({ kind: 'shutdown' })).warnings).toEqual(['not-accepted']);
    const stored = await cloudly.store.findNode(nodeId);
    if (!stored) throw new Error('the node is gone');
    await cloudly.store.replaceNode({ ...stored.node, revokedAtMs: 1, cloneSuspectedAtMs: 1 });
    expect((await queue({ kind: 'reboot' })).warnings).toEqual(['node-revoked', 'clone-suspected']);
  });

  test('can be cancelled until it begins', async () => {
    const { cloudly, nodeId, operator, queue, beat, state } = await setUp();
    const cancel = async (id: string) => (await cancelCommand(cloudly.store, nodeId, id, operator)).outcome;
    const [queued, waiting, begun] = [
      (await queue({ kind: 'blink' })).command.id,
      (await queue({ kind: 'update' })).command.id,
      (await queue({ kind: 'reboot' })).command.id,
    ];
    expect([await cancel(queued), await cancel(queued)]).toEqual(['cancelled', 'already-over']);
    await beat({ runningCommand: { id: waiting, phase: 'postponed' } });
    await beat({ runningCommand: { id: begun, phase: 'restarting' } });
    expect([await cancel(waiting), await state(waiting)]).toEqual(['withdrawn', 'cancelled']);
    expect([await cancel(begun), await state(begun)]).toEqual(['already-begun', 'running']);
    expect((await beat())?.desiredState).toEqual({ commands: [] });
    await beat({ runningCommand: { id: begun, phase: 'waiting-for-lock' } });
    expect(await state(begun)).toBe('cancelled');
    expect(await cancel('nobody')).toBe('command-unknown');
  });

  test('cannot be cancelled once it has expired, and ends as unknown', async () => {
    const { cloudly, nodeId, operator, queue, beat, state } = await setUp();
    const { id } = (await queue({ kind: 'update' })).command;
    await beat();
    cloudly.advance(HOUR_MS);
    expect((await cancelCommand(cloudly.store, nodeId, id, operator)).outcome).toBe('too-late');
    expect(await state(id)).toBe('listed');
    cloudly.advance(25 * HOUR_MS);
    expect(await state(id)).toBe('unknown');
  });

  test('is announced to the operator who queues and cancels it', async () => {
    const { cloudly, nodeId, operator, told, queue } = await setUp();
    const { command } = await queue({ kind: 'blink' });
    await cancelCommand(cloudly.store, nodeId, command.id, operator);
    await setUpdatesMode(cloudly.store, nodeId, 'gated', operator);
    const atMs = cloudly.now();
    expect(told).toEqual([
      { atMs, nodeId, kind: 'command-queued', command },
      { atMs, nodeId, kind: 'command-cancelled', command: { ...command, cancelledAtMs: atMs } },
      { atMs, nodeId, kind: 'updates-mode-set', updatesMode: 'gated' },
    ]);
  });
});

describe.for(stores)('the setting of how a node takes releases, on $name', ({ openStore }) => {
  test('is in every answer from then on, with and without commands, until it is another one', async () => {
    const cloudly = createCloudly(await openStore());
    const device = createEmulatedNode();
    const nodeToken = await enrol(cloudly, device);
    const { nodeId } = device;
    const desired = async () => (await cloudly.heartbeat(device.heartbeat(), nodeToken)).answer?.desiredState;
    expect(await desired()).toBeUndefined();
    await setUpdatesMode(cloudly.store, nodeId, 'gated');
    expect(await desired()).toEqual({ settings: { updates: 'gated' }, commands: [] });
    expect(await desired()).toEqual({ settings: { updates: 'gated' }, commands: [] });
    await queueCommand(cloudly.store, nodeId, { kind: 'blink' }, { now: cloudly.now });
    device.restart();
    expect(await desired()).toMatchObject({ settings: { updates: 'gated' }, commands: [{ kind: 'blink' }] });
    await setUpdatesMode(cloudly.store, nodeId, 'own');
    expect(await desired()).toMatchObject({ settings: { updates: 'own' } });
    expect(await setUpdatesMode(cloudly.store, 'nobody', 'free')).toBeUndefined();
    await expect(setUpdatesMode(cloudly.store, nodeId, 'off' as 'own')).rejects.toThrow(TypeError);
  });

  test('and what the device says of it are known without its whole status', async () => {
    const cloudly = createCloudly(await openStore());
    const device = createEmulatedNode();
    const nodeToken = await enrol(cloudly, device);
    const updates = { mode: 'gated', gate: 'closed', staged: 'abc' } as const;
    await cloudly.heartbeat(device.heartbeat({ status: { ...runtimeStatus('till-7'), updates } }), nodeToken);
    expect((await cloudly.store.findNode(device.nodeId))?.status?.updates).toEqual(updates);
    await cloudly.heartbeat(device.heartbeat({ status: runtimeStatus('till-7') }), nodeToken);
    expect((await cloudly.store.findNode(device.nodeId))?.status).not.toHaveProperty('updates');
  });
});
