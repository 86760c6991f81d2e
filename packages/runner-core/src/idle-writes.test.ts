import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { FakeCloudly } from '../test/fake-cloudly.js';
import { simulatedConfig, simulatedMachine } from '../test/simulation.js';
import { VirtualClock } from '../test/virtual-clock.js';
import { BaseRunner } from './base-runner.js';
import { openIdentity } from './store/open-identity.js';
import type { FileSystem } from './ports/file-system.js';
import { nodeFileSystem } from './ports/node-file-system.js';

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'baseos-idle-'));
});
afterEach(async () => rm(directory, { recursive: true }));

/** The disk of this machine, and every call on it in the order in which they come. */
function watchedFileSystem() {
  const calls: string[] = [];
  const fileSystem = new Proxy(nodeFileSystem, {
    get: (target, name: keyof FileSystem) => {
      const call = target[name];
      return async (...words: never[]) => {
        calls.push([name, ...words].join(' '));
        return Reflect.apply(call, target, words) as unknown;
      };
    },
  });
  return { calls, fileSystem };
}

test('an enrolled device only checks that its state exists in a day of 1,440 heartbeats, without one write or read', async () => {
  const { calls, fileSystem } = watchedFileSystem();
  const clock = new VirtualClock();
  const cloudly = new FakeCloudly(clock);
  const config = simulatedConfig({ statePath: join(directory, 'state.json'), heartbeatIntervalMs: minuteMs });
  const runner = new BaseRunner({
    config,
    openIdentity: async (options) => openIdentity({ config, fileSystem, ...options }),
    connector: cloudly,
    machine: simulatedMachine(clock),
    clock,
  });
  await runner.start();
  // The token of the registration is stored on a real disk, which takes real time.
  const isEnrolled = async (): Promise<boolean> => {
    await clock.advance(1000);
    return runner.status().cloudly.heartbeatsAcknowledged > 0;
  };
  await expect.poll(isEnrolled, { interval: 1 }).toBe(true);
  const stored = calls.filter((call) => call.startsWith('rename'));
  expect(stored.length).toBeGreaterThan(0);

  const callsBefore = calls.length;
  const heartbeatsBefore = cloudly.heartbeats.length;
  await clock.advance(dayMs);
  expect(cloudly.heartbeats.length - heartbeatsBefore).toBeGreaterThanOrEqual(1400);
  const isLook = (call: string): boolean => /^(?:status|checkWritable) /.test(call);
  // A look takes real time.
  await expect.poll(() => calls.slice(callsBefore).filter(isLook).length).toBeGreaterThan(0);
  expect(calls.slice(callsBefore).filter((call) => !isLook(call))).toEqual([]);
  await Promise.all([runner.stop(), clock.advance(minuteMs)]);
});
