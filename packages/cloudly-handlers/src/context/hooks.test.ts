import { expect, test } from 'vitest';
import { createCloudly } from '../../test/fixtures/cloudly.js';
import { createDevice, enrol } from '../../test/fixtures/device.js';
import { createMemoryStore } from '../stores/memory/memory-store.js';

test('a hook is told of its kind of event and of no other, beside onEvent', async () => {
  const told: [hook: string, kind: string][] = [];
  const cloudly = createCloudly(createMemoryStore(), {
    onRegistered: (event) => void told.push(['onRegistered', event.kind]),
    onHeartbeat: (event) => void told.push(['onHeartbeat', event.kind]),
    onNodeTokenActivated: (event) => void told.push(['onNodeTokenActivated', event.kind]),
    onPending: (event) => void told.push(['onPending', event.kind]),
    onRefused: (event) => void told.push(['onRefused', event.kind]),
  });
  const device = await createDevice();
  await cloudly.heartbeat(device.heartbeat(), await enrol(cloudly, device));
  await cloudly.heartbeat(device.heartbeat(), 'none');
  await cloudly.register(
    (await createDevice()).registration(),
    await cloudly.createJoinToken({ requiresApproval: true }),
  );

  expect(told).toEqual([
    ['onRegistered', 'node-registered'],
    ['onNodeTokenActivated', 'node-token-activated'],
    ['onHeartbeat', 'heartbeat-received'],
    ['onRefused', 'request-refused'],
    ['onPending', 'node-pending'],
  ]);
  expect(cloudly.events.map(({ kind }) => kind)).toEqual(told.map(([, kind]) => kind));
});

test('a hook that fails costs no answer, keeps nothing from the others, and is told to onError', async () => {
  const heartbeats: number[] = [];
  const cloudly = createCloudly(createMemoryStore(), {
    onEvent: () => {
      throw new Error('listener');
    },
    onRegistered: () => Promise.reject(new Error('hook')),
    onHeartbeat: ({ sequence }) => void heartbeats.push(sequence),
  });
  const device = await createDevice();
  const { status } = await cloudly.register(device.registration(), await cloudly.createJoinToken());
  expect(status).toBe(201);
  expect(cloudly.errors).toEqual([
    expect.objectContaining({ message: 'listener' }),
    expect.objectContaining({ message: 'hook' }),
  ]);

  const other = await createDevice();
  expect((await cloudly.heartbeat(other.heartbeat(), await enrol(cloudly, other))).status).toBe(200);
  expect(heartbeats).toEqual([1]);
});
