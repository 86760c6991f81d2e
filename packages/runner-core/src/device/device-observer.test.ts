import { heartbeatRequestSchema, limits } from '@serve.zone/baseos-contracts';
import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { fakeSupervisor } from '../../test/fake-supervisor.js';
import { recordingLogger, simulatedMachine } from '../../test/simulation.js';
import { VirtualClock } from '../../test/virtual-clock.js';
import type { Machine, MachineVitals } from '../ports/machine.js';
import type { SupervisorReads } from '../ports/supervisor-reads.js';
import { statusHash } from './status-hash.js';
import { DeviceObserver } from './device-observer.js';

function observerOf(supervisor: SupervisorReads | undefined, machine?: Partial<Machine>) {
  const clock = new VirtualClock();
  const { logger, lines } = recordingLogger();
  const observer = new DeviceObserver({
    config: { device: {} },
    version: '1.2.3',
    supervisor,
    machine: { ...simulatedMachine(clock), ...machine },
    clock,
    logger,
  });
  return { clock, observer, lines };
}

const never = new AbortController().signal;

async function hanging(): Promise<never> {
  return new Promise(() => undefined);
}

describe('an observation', () => {
  test('keeps its digest as long as only vitals change', async () => {
    const { clock, observer } = observerOf(fakeSupervisor());
    const first = await observer.observe(never);
    await clock.advance(60_000);
    const second = await observer.observe(never);
    expect(statusHash(second.status)).toBe(statusHash(first.status));
    expect(second.vitals.agentUptimeMs).toBe(60_000);
    expect(statusHash(first.status)).toMatch(/^[\w-]{43}$/);
  });

  test('gets another digest when the Supervisor reports something else', async () => {
    const supervisor = fakeSupervisor();
    const { observer } = observerOf(supervisor);
    const first = await observer.observe(never);
    supervisor.deviceAnswer = { ...supervisor.deviceAnswer, updatePending: true };
    expect(statusHash((await observer.observe(never)).status)).not.toBe(statusHash(first.status));
  });

  test('takes five seconds if the Supervisor hangs, and says so', async () => {
    const { clock, observer } = observerOf({ device: hanging, stateStatus: hanging, version: hanging });
    let isDone = false;
    const observed = observer.observe(never).finally(() => (isDone = true));
    await clock.advance(4999);
    expect(isDone).toBe(false);
    await clock.advance(1);
    expect((await observed).status.supervisor).toEqual({
      state: 'unreachable',
      reason: expect.stringMatching(/^The Supervisor did not answer within 5 s\. .*journalctl/),
    });
    expect(clock.sleeping).toBe(0);
  });

  test('reports once that the Supervisor hangs', async () => {
    const { clock, observer, lines } = observerOf({ device: hanging, stateStatus: hanging, version: hanging });
    const first = observer.observe(never);
    await clock.advance(5000);
    await first;
    await observer.observe(never);
    await clock.advance(5000);
    expect(lines).toHaveLength(1);
    expect(lines[0]?.message.match(/did not answer|does not answer/g)).toHaveLength(1);
  });

  test('waits five seconds once for a Supervisor that hangs, and waits again only after it has answered', async () => {
    const supervisor = fakeSupervisor();
    const { clock, observer } = observerOf(supervisor);
    await observer.observe(never);
    await clock.advance(60_000);
    supervisor.behave = hanging;
    const first = observer.observe(never);
    await clock.advance(5000);
    expect((await first).vitals.supervisorSeenMsAgo).toBe(65_000);

    await clock.advance(60_000);
    const second = await observer.observe(never);
    expect(second.status.supervisor.state).toBe('unreachable');
    expect(second.vitals.supervisorSeenMsAgo).toBe(125_000);

    await clock.advance(60_000);
    supervisor.behave = async () => undefined;
    await observer.observe(never);
    await clock.advance(60_000);
    supervisor.deviceAnswer = { ...supervisor.deviceAnswer, commit: 'newest' };
    expect((await observer.observe(never)).status.supervisor).toMatchObject({
      state: 'available',
      device: { commit: 'newest' },
    });
  });

  test('uses the result of a read outside the turns from the next turn on', async () => {
    const supervisor = fakeSupervisor();
    const { clock, observer, lines } = observerOf(supervisor);
    supervisor.behave = hanging;
    void observer.observe(never);
    await clock.advance(5000);
    supervisor.behave = async () => clock.sleep(4000, never);
    expect((await observer.observe(never)).status.supervisor.state).toBe('unreachable');
    await clock.advance(4500);
    expect(lines.at(-1)?.message).toBe('The Supervisor is available: version 19.0.5.');
    const next = observer.observe(never);
    await clock.advance(4500);
    expect((await next).status.supervisor.state).toBe('available');
  });

  test('asks a Supervisor for its version only if it tells nothing of the device within a second', async () => {
    const supervisor = fakeSupervisor();
    const asked: string[] = [];
    const { clock, observer } = observerOf({
      ...supervisor,
      device: async () => {
        asked.push('device');
        await supervisor.behave();
        return supervisor.deviceAnswer;
      },
      stateStatus: async () => {
        asked.push('stateStatus');
        return supervisor.stateAnswer;
      },
      version: async () => {
        asked.push('version');
        return '19.0.5';
      },
    });
    await observer.observe(never);
    expect(asked.splice(0)).toEqual(['device', 'stateStatus']);

    supervisor.behave = async () => clock.sleep(900, never);
    const slow = observer.observe(never);
    await clock.advance(900);
    expect((await slow).status.supervisor.state).toBe('available');
    expect(asked.splice(0)).toEqual(['device', 'stateStatus']);

    // Its engine hangs.
    supervisor.behave = hanging;
    const hung = observer.observe(never);
    await clock.advance(5000);
    expect((await hung).status.supervisor.state).toBe('failing');
    expect((await hung).vitals.supervisorSeenMsAgo).toBe(0);
    expect(asked).toEqual(['device', 'stateStatus', 'version']);
  });

  test('has at most one Supervisor read in flight, and none after a stop', async () => {
    const under = new Set<AbortSignal>();
    let most = 0;
    const device: SupervisorReads['device'] = async (options) => {
      const signal = options?.signal;
      if (signal) under.add(signal);
      signal?.addEventListener('abort', () => under.delete(signal));
      most = Math.max(most, under.size);
      return hanging();
    };
    const { clock, observer } = observerOf({ device, stateStatus: hanging, version: hanging });
    const stopping = new AbortController();
    const first = observer.observe(stopping.signal);
    await clock.advance(5000);
    await first;
    for (let turn = 0; turn < 10; turn += 1) {
      await observer.observe(stopping.signal);
      await clock.advance(1000);
    }
    await observer.observe(stopping.signal);
    expect({ most, underWay: under.size }).toEqual({ most: 1, underWay: 1 });
    stopping.abort();
    expect(under.size).toBe(0);
    expect(clock.sleeping).toBe(0);
  });

  test('takes five seconds if a disk or a sensor hangs, and keeps the previous vitals', async () => {
    let isHanging = false;
    const clock = new VirtualClock();
    const machine = simulatedMachine(clock);
    const { observer, clock: time } = observerOf(undefined, {
      vitals: async () => (isHanging ? hanging() : machine.vitals()),
    });
    await observer.observe(never);
    isHanging = true;
    const observed = observer.observe(never);
    await time.advance(5000);
    expect((await observed).vitals).toMatchObject({
      memoryAvailableBytes: 2e9,
      agentUptimeMs: 5000,
      hostUptimeMs: 1_005_000,
    });
  });

  test('omits what was never read', async () => {
    const { observer, clock } = observerOf(undefined, { vitals: hanging });
    const observed = observer.observe(never);
    await clock.advance(5000);
    expect(Object.entries((await observed).vitals).filter(([, vital]) => vital !== undefined)).toEqual([
      ['agentUptimeMs', 5000],
      ['agentRssBytes', 5e7],
    ]);
  });

  test('starts no second read while one hangs, and uses the result of that one when it ends', async () => {
    const answers: ((vitals: MachineVitals) => void)[] = [];
    const { observer, clock } = observerOf(undefined, {
      vitals: async () => new Promise((resolve) => void answers.push(resolve)),
    });
    const observeFor = async (durationMs: number) => {
      const observed = observer.observe(never);
      await clock.advance(durationMs);
      return observed;
    };
    await observeFor(5000);
    await observeFor(5000);
    expect(answers).toHaveLength(1);
    answers[0]?.({ memoryAvailableBytes: 1, storageTotalBytes: 7 });
    const { vitals, status } = await observeFor(5000);
    expect({ vitals, status }).toMatchObject({
      vitals: { memoryAvailableBytes: 1 },
      status: { host: { storageTotalBytes: 7 } },
    });
    await observeFor(5000);
    expect(answers).toHaveLength(2);
  });

  test('reads again after a failed read', async () => {
    let reads = 0;
    const { observer } = observerOf(undefined, {
      vitals: () => {
        reads += 1;
        if (reads === 1) throw new Error('no such sensor');
        return Promise.resolve({ load1: 2 });
      },
    });
    await observer.observe(never);
    expect((await observer.observe(never)).vitals.load1).toBe(2);
  });

  test('ends at once when the agent stops, and keeps what was known', async () => {
    const supervisor = fakeSupervisor();
    const { observer, lines } = observerOf(supervisor);
    await observer.observe(never);
    supervisor.behave = hanging;
    const stopping = new AbortController();
    const observed = observer.observe(stopping.signal);
    stopping.abort();
    expect((await observed).status.supervisor.state).toBe('available');
    expect(lines).toHaveLength(1);
  });

  test('reports how long ago the Supervisor answered, and each change of its state once', async () => {
    const supervisor = fakeSupervisor();
    const { clock, observer, lines } = observerOf(supervisor);
    await observer.observe(never);
    supervisor.behave = async () => Promise.reject(new Error('broken'));
    await clock.advance(60_000);
    await observer.observe(never);
    await clock.advance(60_000);
    await observer.observe(never);
    expect(observer.latest?.vitals.supervisorSeenMsAgo).toBe(120_000);
    expect(lines.map(({ level, message }) => `${level}: ${message}`)).toEqual([
      'info: The Supervisor is available: version 19.0.5.',
      'warn: The Supervisor answers with errors. broken Heartbeats continue without it.',
    ]);
  });

  test('puts download progress into the vitals, not into the status', async () => {
    const supervisor = fakeSupervisor();
    const { observer } = observerOf(supervisor);
    const before = await observer.observe(never);
    supervisor.deviceAnswer = { ...supervisor.deviceAnswer, downloadProgressPercent: 42 };
    const during = await observer.observe(never);
    expect(during.vitals.downloadProgressPercent).toBe(42);
    expect(statusHash(during.status)).toBe(statusHash(before.status));
  });
});

describe('a heartbeat', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 20 }),
    fc.constantFrom('', '\u0000', '\ud800', 'x'.repeat(10_000)),
  );

  const numbers = fc.oneof(
    fc.integer(),
    fc.double(),
    fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, -1, -0, 0, 0.5, 101, 2 ** 53, 2 ** 64),
  );

  test('stays valid whatever the Supervisor and the machine report', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(text, { minLength: 8, maxLength: 8 }), numbers, async (texts, number) => {
        const [a = '', b = '', c = '', d = '', e = '', f = '', g = '', h = ''] = texts;
        const supervisor = fakeSupervisor();
        supervisor.deviceAnswer = { ...supervisor.deviceAnswer, ipAddresses: [a, b], commit: c, status: d };
        supervisor.stateAnswer = {
          appState: e,
          release: f,
          images: [],
          containers: [
            { status: g, serviceName: h, appId: number, imageId: 1, serviceId: 1, containerId: a, createdAt: b },
          ],
        };
        supervisor.versionAnswer = a;
        supervisor.deviceAnswer.downloadProgressPercent = number;
        const host = { hostname: b, platform: c, arch: d, cpuCount: number, memoryTotalBytes: number };
        const { observer } = observerOf(supervisor, {
          host: () => host,
          runtime: () => ({ name: e, version: f }),
          agentRssBytes: () => number,
          vitals: async () => ({
            hostUptimeMs: number,
            memoryAvailableBytes: number,
            load1: number,
            storageFreeBytes: number,
            storageTotalBytes: number,
            cpuTemperatureCelsius: number,
          }),
        });
        const { status, vitals } = await observer.observe(never);
        const request = {
          protocol: 1,
          nodeId: 'node',
          bootId: '5f1c7a08-2f5a-4f1e-8f5e-3a1f2b0c9d77',
          sequence: 1,
          statusHash: statusHash(status),
          status,
          vitals: { ...vitals, failedHeartbeats: 0 },
        };
        const sent: typeof request = JSON.parse(JSON.stringify(request));
        const received = v.safeParse(heartbeatRequestSchema, sent);
        expect(received.issues).toBeUndefined();
        // Cloudly drops a vital that it cannot use; none is sent.
        expect(received.output).toMatchObject({ vitals: sent.vitals });
      }),
    );
  });

  test('omits the services if there are more than a status may hold', async () => {
    const supervisor = fakeSupervisor();
    const containers = Array.from({ length: 64 * 256 }, (_, index) => ({
      status: 'Running',
      serviceName: `service-${'x'.repeat(100)}-${index}`,
      appId: 1 + (index % 64),
      imageId: 1,
      serviceId: 1,
      containerId: 'c'.repeat(64),
      createdAt: '',
    }));
    supervisor.stateAnswer = { ...supervisor.stateAnswer, containers };
    const { observer } = observerOf(supervisor);
    const { status } = await observer.observe(never);
    expect(Buffer.byteLength(JSON.stringify(status))).toBeLessThan(limits.statusMaxBytes);
    expect(status.supervisor).toMatchObject({ state: 'available', apps: expect.objectContaining({ length: 64 }) });
  });
});
