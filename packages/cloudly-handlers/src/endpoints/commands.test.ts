import { limits } from '@serve.zone/baseos-contracts';
import { describe, expect, test } from 'vitest';
import type { CommandRecord } from '../fleet/command-record.js';
import { commandState } from '../fleet/command-state.js';
import { cancelCommand } from '../operator/cancel-command.js';
import { commandRecord } from '../stores/suite/fixtures.js';
import { createCloudly, type TestCloudly } from '../../test/fixtures/cloudly.js';
import { createEmulatedNode } from '@serve.zone/baseos-testing/nodes/emulated-node';
import { enrol } from '../../test/fixtures/enrol.js';
import { stores } from '../../test/fixtures/stores.js';
import type { CommandOrder } from '../fleet/command-order.js';
import { queueCommand } from '../operator/queue-command.js';

const HOUR_MS = 3_600_000;

describe.for(stores)('commands, on $name', ({ openStore }) => {
  const setUp = async () => {
    const cloudly = createCloudly(await openStore());
    const device = createEmulatedNode();
    const nodeToken = await enrol(cloudly, device);
    const { nodeId } = device;
    const queue = async (order: CommandOrder) => {
      const queued = await queueCommand(cloudly.store, nodeId, order, { now: cloudly.now });
      if (queued.outcome !== 'queued') throw new Error(`the command was not queued: ${queued.outcome}`);
      return queued.command;
    };
    const beat = async (changes: Parameters<typeof device.heartbeat>[0] = {}) =>
      (await cloudly.heartbeat(device.heartbeat(changes), nodeToken)).answer;
    const listed = async () => (await beat())?.desiredState?.commands?.map(({ id }) => id);
    const state = async (id: string) => {
      const command = await cloudly.store.findCommand(nodeId, id);
      return command && commandState(command, cloudly.now());
    };
    return { cloudly, device, nodeId, nodeToken, queue, beat, listed, state };
  };

  test('are not mentioned in an answer to a node that never had any', async () => {
    const { beat } = await setUp();
    expect(await beat()).not.toHaveProperty('desiredState');
  });

  test('are listed with all their members while they are due, and count down', async () => {
    const { cloudly, queue, beat } = await setUp();
    const order = { kind: 'restart-service', service: 'main', appId: 7, force: true } as const;
    const { id } = await queue({ ...order, expiresInMs: HOUR_MS });
    expect((await beat())?.desiredState).toEqual({ commands: [{ id, ...order, expiresInMs: HOUR_MS }] });
    cloudly.advance(HOUR_MS - 1);
    expect((await beat())?.desiredState?.commands).toMatchObject([{ id, expiresInMs: 1 }]);
    cloudly.advance(1);
    expect((await beat())?.desiredState).toEqual({ commands: [] });
  });

  test('are listed in the order in which they were queued, up to a limit', async () => {
    const { cloudly, nodeId, queue, listed, beat } = await setUp();
    const ids: string[] = [];
    for (let count = 0; count < limits.commandsMax; count += 1) ids.push((await queue({ kind: 'blink' })).id);
    // As a program might that does not ask how many are due.
    const moreIds = [crypto.randomUUID(), crypto.randomUUID()];
    for (const id of moreIds) await cloudly.store.addCommand(nodeId, commandRecord(id, commandTimes(cloudly)));
    expect(await listed()).toEqual(ids);
    await beat({ commandResults: ids.slice(0, 3).map((id) => ({ id, outcome: 'succeeded' })) });
    expect(await listed()).toEqual([...ids.slice(3), ...moreIds]);
  });

  test('move from queued to listed to their outcome, and are reported as an event', async () => {
    const { cloudly, nodeId, queue, beat, state } = await setUp();
    const { id } = await queue({ kind: 'update' });
    expect(await state(id)).toBe('queued');
    await beat();
    expect(await state(id)).toBe('listed');
    const error = { code: 'locked', message: 'The service main holds a lock' };
    const answer = await beat({ commandResults: [{ id, outcome: 'failed', durationMs: 5, error }] });
    expect(answer?.desiredState).toEqual({ commands: [] });
    expect(await state(id)).toBe('failed');
    expect(cloudly.events).toContainEqual(
      expect.objectContaining({
        kind: 'command-finished',
        nodeId,
        stateBefore: 'listed',
        command: expect.objectContaining({
          id,
          result: { outcome: 'failed', durationMs: 5, error, receivedAtMs: cloudly.now() },
        }),
      }),
    );
  });

  test('that were cancelled are no longer listed', async () => {
    const { cloudly, nodeId, queue, listed, state } = await setUp();
    const { id } = await queue({ kind: 'reboot' });
    expect(await listed()).toEqual([id]);
    const { outcome } = await cancelCommand(cloudly.store, nodeId, id, { now: cloudly.now });
    expect(outcome).toBe('withdrawn');
    expect(await listed()).toEqual([]);
    expect(await state(id)).toBe('cancelled');
  });

  test('keep the first result, which overrides a cancellation and an end by the clock', async () => {
    const { cloudly, nodeId, queue, beat, state } = await setUp();
    const [cancelled, ended] = [await queue({ kind: 'reboot' }), await queue({ kind: 'blink', expiresInMs: 1000 })];
    await beat();
    await cloudly.store.cancelCommand(nodeId, cancelled.id, cloudly.now());
    cloudly.advance(HOUR_MS);
    expect([await state(cancelled.id), await state(ended.id)]).toEqual(['cancelled', 'unknown']);
    const results = [cancelled, ended].map(({ id }) => ({ id, outcome: 'succeeded' as const }));
    await beat({ commandResults: results });
    await beat({ commandResults: results.map(({ id }) => ({ id, outcome: 'interrupted' as const })) });
    const kept = await cloudly.store.listCommands(nodeId, 2);
    expect(kept.map(({ result }) => result?.outcome)).toEqual(['succeeded', 'succeeded']);
    const finished = cloudly.events.filter((event) => event.kind === 'command-finished');
    expect(finished.map(({ stateBefore }) => stateBefore)).toEqual(['cancelled', 'unknown']);
  });

  test('lose only a result that cannot be parsed: the rest is accepted with 200', async () => {
    const { cloudly, device, nodeToken, queue, state } = await setUp();
    const [first, second] = [await queue({ kind: 'blink' }), await queue({ kind: 'blink' })];
    const commandResults = [
      { id: first.id, outcome: 'succeeded' },
      { id: 'poison' },
      null,
      { id: second.id, outcome: 7 },
      { id: second.id, outcome: 'failed', details: { deep: [1] } },
    ] as never;
    const { status } = await cloudly.heartbeat(device.heartbeat({ commandResults }), nodeToken);
    expect(status).toBe(200);
    expect([await state(first.id), await state(second.id)]).toEqual(['succeeded', 'failed']);
  });

  test('are not offered to a replaced process, whose results are accepted nonetheless', async () => {
    const { cloudly, device, nodeToken, queue, beat, state } = await setUp();
    const { id } = await queue({ kind: 'reboot' });
    const late = device.heartbeat({ commandResults: [{ id, outcome: 'interrupted' }] });
    device.restart();
    await beat();
    const { status, answer } = await cloudly.heartbeat(late, nodeToken);
    expect([status, answer?.desiredState]).toEqual([200, undefined]);
    expect(await state(id)).toBe('interrupted');
  });

  test('of one node do not exist for another', async () => {
    const { cloudly, queue, state } = await setUp();
    const { id } = await queue({ kind: 'blink' });
    const other = createEmulatedNode();
    const othersToken = await enrol(cloudly, other);
    const commandResults = [{ id, outcome: 'succeeded' as const }];
    const { answer } = await cloudly.heartbeat(other.heartbeat({ commandResults }), othersToken);
    expect(answer).not.toHaveProperty('desiredState');
    expect(await state(id)).toBe('queued');
  });

  test('are not queued for an unknown node', async () => {
    const { cloudly } = await setUp();
    expect(await queueCommand(cloudly.store, 'nobody', { kind: 'blink' })).toEqual({ outcome: 'node-unknown' });
  });

  test.for<[CommandOrder, string]>([
    [{ kind: 'sing' as 'blink' }, 'Unknown command kind sing'],
    [{ kind: 'blink', expiresInMs: 7 * 24 * HOUR_MS + 1 }, 'expiresInMs'],
    [{ kind: 'blink', expiresInMs: -1 }, 'expiresInMs'],
    [{ kind: 'restart-app', appId: 0 }, 'appId'],
    [{ kind: 'stop-service', service: '' }, 'service'],
    [{ kind: 'restart-service' }, 'restart-service must name a service'],
    [{ kind: 'restart-service', service: ' ' }, 'restart-service must name a service'],
    [{ kind: 'reboot', service: 'main' }, 'can name a service, not reboot'],
    [{ kind: 'preview', of: { kind: 'update', service: 'main' } }, 'can name a service, not update'],
    [{ kind: 'reboot', commit: 'abc' }, 'Only update can name a commit'],
    [{ kind: 'update', timeoutMs: 0 }, 'timeoutMs'],
    [{ kind: 'update', soakMs: 25 * HOUR_MS }, 'soakMs'],
    [{ kind: 'preview' }, 'A preview must say what it is of'],
    [{ kind: 'blink', of: { kind: 'reboot' } }, 'A preview must say what it is of'],
    [{ kind: 'preview', of: { kind: 'preview' } }, 'A preview cannot be of another preview'],
    [{ kind: 'preview', of: { kind: 'sing' as 'blink' } }, 'Unknown command kind sing'],
    [{ kind: 'preview', of: { kind: 'stop-service' } }, 'stop-service must name a service'],
  ])('that violate the contract throw: %j', async ([order, place]) => {
    const { cloudly, nodeId } = await setUp();
    await expect(queueCommand(cloudly.store, nodeId, order)).rejects.toThrow(TypeError);
    await expect(queueCommand(cloudly.store, nodeId, order)).rejects.toThrow(place);
    expect(await cloudly.store.listCommands(nodeId, 10)).toEqual([]);
  });

  test('cause no 200 if a result cannot be stored: nothing counts as delivered', async () => {
    const { cloudly, device, nodeToken, queue, state } = await setUp();
    const { id } = await queue({ kind: 'blink' });
    const broken = createCloudly({ ...cloudly.store, saveCommandResults: () => Promise.reject(new Error('full')) });
    const heartbeat = device.heartbeat({ commandResults: [{ id, outcome: 'succeeded' }] });
    expect((await broken.heartbeat(heartbeat, nodeToken)).status).toBe(503);
    expect((await cloudly.heartbeat(heartbeat, nodeToken)).status).toBe(200);
    expect(await state(id)).toBe('succeeded');
  });
});

function commandTimes({ now }: TestCloudly): Partial<CommandRecord> {
  return { queuedAtMs: now(), expiresAtMs: now() + HOUR_MS };
}
