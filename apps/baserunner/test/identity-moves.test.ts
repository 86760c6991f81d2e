import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Rig } from './rig.js';
import { useRig } from './use-rig.js';

let rig: Rig;
useRig((opened) => {
  rig = opened;
});

describe('a disk copied to another device', () => {
  test('gives that device its own node, and leaves the first one alone', async () => {
    const original = rig.start(
      rig.env({ BASEOS_JOIN_TOKEN: await rig.createJoinToken(), BALENA_DEVICE_UUID: 'device-1' }),
    );
    const { nodeId } = await rig.event('heartbeat-received', ({ sequence }) => sequence === 2);
    const copiedPath = join(rig.folder, 'copied');
    await cp(rig.stateDirectory, copiedPath, { recursive: true, filter: (path) => !/\.(?:lock|bind)-/.test(path) });

    const copied = rig.start(
      rig.env({
        BASEOS_JOIN_TOKEN: await rig.createJoinToken(),
        BALENA_DEVICE_UUID: 'device-2',
        BASEOS_STATE_PATH: join(copiedPath, 'state.json'),
        BASEOS_RUN_PATH: join(rig.folder, 'run-of-the-copy'),
      }),
    );
    await copied.logged(/warn .*made on device device-1 and this is device-2 \(the disk was copied/);
    const other = await rig.event('heartbeat-received', (event) => event.nodeId !== nodeId && event.sequence === 2);
    const until = rig.events.entries.length;
    await rig.event('heartbeat-received', (event) => event.nodeId === nodeId, until);
    expect(rig.eventsOf('node-registered').map((event) => event.nodeId)).toEqual([nodeId, other.nodeId]);
    expect(rig.eventsOf('clone-suspected')).toEqual([]);
    expect(await original.end()).toEqual({ code: 0, signal: null });
    expect(await copied.end()).toEqual({ code: 0, signal: null });
  });
});

describe('a Cloudly with a new address', () => {
  /** The same Cloudly by another name of this machine. */
  const movedUrl = (): string => rig.cloudlyUrl.replace('127.0.0.1', 'localhost');

  test('gets the same node and its token by BASEOS_CLOUDLY_MOVED_FROM', async () => {
    const first = rig.start(rig.env({ BASEOS_JOIN_TOKEN: await rig.createJoinToken() }));
    const { nodeId } = await rig.event('heartbeat-received', ({ sequence }) => sequence === 2);
    await first.end('SIGKILL');
    const env = rig.env({ BASEOS_CLOUDLY_URL: movedUrl(), BASEOS_CLOUDLY_MOVED_FROM: rig.cloudlyUrl });
    const moved = rig.start(env);
    expect((await rig.nextHeartbeat()).nodeId).toBe(nodeId);
    await moved.logged(/info .*is used with http:\/\/localhost/);
    await moved.end('SIGKILL');
    const again = rig.start({ ...env, BASEOS_CLOUDLY_MOVED_FROM: '' });
    expect((await rig.nextHeartbeat()).nodeId).toBe(nodeId);
    await again.end();
    expect(rig.eventsOf('node-registered')).toHaveLength(1);
  });

  test('gets no token without it, and the enrolment is used again at its original address', async () => {
    const first = rig.start(rig.env({ BASEOS_JOIN_TOKEN: await rig.createJoinToken() }));
    const { nodeId } = await rig.event('heartbeat-received', ({ sequence }) => sequence === 2);
    await first.end();
    const elsewhere = rig.start(rig.env({ BASEOS_CLOUDLY_URL: movedUrl() }));
    await elsewhere.logged(/info .*enrolment with http:\/\/127\.0\.0\.1:\d+ is not used with .*It is kept/);
    await rig.event('request-refused', ({ endpoint }) => endpoint === 'register');
    await elsewhere.end();
    const back = rig.start(rig.env());
    expect((await rig.nextHeartbeat()).nodeId).toBe(nodeId);
    await back.end();
    expect(rig.eventsOf('node-registered')).toHaveLength(1);
  });
});
