import { createSupervisor, type Supervisor } from '@serve.zone/balena-supervisor-emulator';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SupervisorClient } from '../index.js';
import { SupervisorError } from '../errors/supervisor-error.js';
import { waitForUpdate, type WaitForUpdateOptions } from './wait-for-update.js';
import type { UpdateOutcome, UpdateProgress } from './update-wait.js';

type EmulatorOptions = NonNullable<Parameters<typeof createSupervisor>[0]>;

/** An emulated device and a client of it, in a time that passes while one waits. */
class Rig {
  nowMs = Date.UTC(2026, 10, 23);
  readonly progress: UpdateProgress[] = [];
  readonly device: Supervisor;
  readonly client: SupervisorClient;
  /** What happens after so many milliseconds. */
  readonly #plans: [atMs: number, () => void][] = [];

  constructor(options: EmulatorOptions = {}) {
    const apps = [{ appId: 77, commit: 'old', services: ['main', 'other'] }];
    this.device = createSupervisor({ clock: { now: () => this.nowMs }, downloadDurationMs: 20_000, apps, ...options });
    this.client = new SupervisorClient({
      address: 'http://supervisor',
      apiKey: this.device.apiKey,
      retry: false,
      fetch: async (url, init) => this.device.fetch(new Request(url, init)),
    });
  }

  after(ms: number, action: () => void): this {
    this.#plans.push([this.nowMs + ms, action]);
    return this;
  }

  async wait(options: WaitForUpdateOptions = {}): Promise<UpdateOutcome> {
    return waitForUpdate(this.client, {
      clock: { now: () => this.nowMs, sleep: async (ms) => this.#pass(ms) },
      onProgress: (progress) => this.progress.push(progress),
      random: () => 0.5,
      ...options,
    });
  }

  /** The reported phases, without immediate repetitions. */
  get phases(): string[] {
    return this.progress.map(({ phase }) => phase).filter((phase, index, all) => phase !== all[index - 1]);
  }

  async #pass(ms: number): Promise<void> {
    this.nowMs += ms;
    for (const [index, [atMs, action]] of [...this.#plans.entries()].toReversed()) {
      if (atMs > this.nowMs) continue;
      this.#plans.splice(index, 1);
      action();
    }
  }
}

describe('waiting for an update of an emulated device', () => {
  test('ends when the new release runs, and reports the progress', async () => {
    const rig = new Rig();
    rig.device.releaseAvailable({ commit: 'new' });
    await rig.client.update();
    expect(await rig.wait({ intervalMs: 100, random: () => 0.5 })).toEqual({
      outcome: 'done',
      changed: true,
      commit: 'new',
    });
    expect(rig.phases).toEqual(['preparing', 'downloading', 'downloaded', 'installing', 'idle']);
    const percents = rig.progress.flatMap(({ downloadProgressPercent = [] }) => downloadProgressPercent);
    expect(percents.length).toBeGreaterThan(10);
    expect(percents).toEqual(percents.toSorted((one, other) => one - other));
    expect(rig.progress.at(-1)?.target).toBe('new');
  });

  test('ends without a change if there is nothing to update, when patience runs out', async () => {
    const rig = new Rig();
    await rig.client.update();
    const start = rig.nowMs;
    expect(await rig.wait()).toEqual({ outcome: 'done', changed: false, commit: 'old' });
    expect(rig.nowMs - start).toBeGreaterThanOrEqual(30_000);
    expect(rig.nowMs - start).toBeLessThan(40_000);
  });

  test('ends at once if the given release already runs', async () => {
    const rig = new Rig();
    const start = rig.nowMs;
    expect(await rig.wait({ commit: 'old' })).toEqual({ outcome: 'done', changed: false, commit: 'old' });
    expect(rig.nowMs - start).toBeLessThan(4000);
  });

  test('waits for an update that begins only after a while', async () => {
    const rig = new Rig().after(20_000, () => {
      rig.device.releaseAvailable({ commit: 'new' });
      void rig.client.update();
    });
    expect(await rig.wait()).toEqual({ outcome: 'done', changed: true, commit: 'new' });
  });

  test('ends with a lock that blocks', async () => {
    const rig = new Rig();
    rig.device.lock({ serviceName: 'other' });
    rig.device.releaseAvailable({ commit: 'new' });
    await rig.client.update();
    expect(await rig.wait()).toEqual({ outcome: 'locked', target: 'new' });
    expect(rig.phases.at(-1)).toBe('locked');
  });

  test('continues if a lock is released in time', async () => {
    const rig = new Rig().after(25_000, () => rig.device.unlock());
    rig.device.lock();
    rig.device.releaseAvailable({ commit: 'new' });
    await rig.client.update();
    expect(await rig.wait()).toEqual({ outcome: 'done', changed: true, commit: 'new' });
    expect(rig.phases).toContain('locked');
  });

  test('continues behind a lock, if configured to, until that is released and the update done', async () => {
    const rig = new Rig().after(1_200_000, () => rig.device.unlock());
    rig.device.lock();
    rig.device.releaseAvailable({ commit: 'new' });
    await rig.client.update();
    expect(await rig.wait({ whileLocked: 'wait' })).toEqual({ outcome: 'done', changed: true, commit: 'new' });
    expect(rig.phases).toContain('locked');
  });

  test('is locked again right after the release of the lock, because the Supervisor reports nothing else, unless configured to wait', async () => {
    const rig = new Rig();
    rig.device.lock();
    rig.device.releaseAvailable({ commit: 'new' });
    await rig.client.update();
    await rig.wait({ patienceMs: 400_000 });
    rig.device.unlock();
    expect(await rig.wait()).toEqual({ outcome: 'locked', target: 'new' });
    expect(await rig.wait({ whileLocked: 'wait' })).toEqual({ outcome: 'done', changed: true, commit: 'new' });
  });

  test('waits behind a lock no longer than its total limit', async () => {
    const rig = new Rig();
    rig.device.lock();
    rig.device.releaseAvailable({ commit: 'new' });
    await rig.client.update();
    const start = rig.nowMs;
    const outcome = await rig.wait({ whileLocked: 'wait', timeoutMs: 600_000 });
    expect(outcome).toEqual({ outcome: 'unknown', reason: 'timeout' });
    expect(rig.nowMs - start).toBe(600_000);
    expect(rig.phases.at(-1)).toBe('locked');
  });

  test('does not report whether the release changed if the Supervisor was unreachable at first', async () => {
    const rig = new Rig().after(60_000, () => rig.device.setFault('none'));
    rig.device.setFault('reset');
    expect(await rig.wait()).toEqual({ outcome: 'done', commit: 'old' });
  });

  test('ends if an image cannot be downloaded', async () => {
    const rig = new Rig();
    rig.device.releaseAvailable({ commit: 'new', pullable: false });
    await rig.client.update();
    expect(await rig.wait()).toEqual({ outcome: 'failed', failure: 'download', target: 'new' });
    expect(rig.phases.at(-1)).toBe('failing');
  });

  test('survives a restart of the Supervisor midway', async () => {
    const rig = new Rig().after(10_000, () => rig.device.restartSupervisor());
    rig.device.releaseAvailable({ commit: 'new' });
    await rig.client.update();
    expect(await rig.wait({ intervalMs: 500 })).toEqual({ outcome: 'done', changed: true, commit: 'new' });
    expect(rig.phases).toContain('unreachable');
  });

  test('ends if the Supervisor stays away', async () => {
    const rig = new Rig();
    rig.device.setFault('reset');
    expect(await rig.wait()).toEqual({ outcome: 'unknown', reason: 'unreachable' });
  });

  test('ends when its time is over', async () => {
    const rig = new Rig({ downloadDurationMs: 3_600_000 });
    rig.device.releaseAvailable({ commit: 'new' });
    await rig.client.update();
    const start = rig.nowMs;
    expect(await rig.wait({ timeoutMs: 60_000 })).toEqual({ outcome: 'unknown', reason: 'timeout' });
    expect(rig.nowMs - start).toBe(60_000);
  });

  test.each(['17.6.0', '9.7.0'])('is also detected with Supervisor %s, from two samples', async (supervisorVersion) => {
    const rig = new Rig({ supervisorVersion });
    rig.device.releaseAvailable({ commit: 'new' });
    await rig.client.update();
    expect(await rig.wait()).toMatchObject({ outcome: 'done', changed: true, commit: 'new' });
  });

  test('is not supported by a Supervisor before 9.7, and the error says so', async () => {
    const rig = new Rig({ supervisorVersion: '9.6.0' });
    expect(await rig.wait()).toEqual({ outcome: 'unknown', reason: 'not-supported' });
  });

  test('rejects if the Supervisor rejects the key', async () => {
    const rig = new Rig();
    rig.device.rotateApiKey();
    await expect(rig.wait()).rejects.toMatchObject({ code: 'unauthorized' });
  });
});

test('whatever happens to a device, an outcome never contradicts its Supervisor at that time', async () => {
  type Happening = (device: Supervisor, client: SupervisorClient) => unknown;
  const happening = fc.constantFrom<Happening>(
    (device) => device.lock(),
    (device) => device.unlock(),
    (device, client) => {
      device.releaseAvailable({ commit: 'new' });
      void client.update().catch(() => undefined);
    },
    (device, client) => {
      device.releaseAvailable({ commit: 'newer', pullable: false });
      void client.update({ force: true }).catch(() => undefined);
    },
    (device) => device.restartSupervisor(),
    (device) => device.setFault('reset'),
    (device) => device.setFault('none'),
  );
  const timeline = fc.array(fc.tuple(fc.integer({ min: 0, max: 300_000 }), happening), { maxLength: 8 });
  const whileLocked = fc.constantFrom<'return' | 'wait'>('return', 'wait');
  const kinds: Record<UpdateOutcome['outcome'], string[] | undefined> = {
    done: ['idle'],
    failed: ['failing'],
    locked: ['locked'],
    unknown: undefined,
  };
  await fc.assert(
    fc.asyncProperty(timeline, whileLocked, async (happenings, ifLocked) => {
      const rig = new Rig();
      for (const [ms, happens] of happenings) rig.after(ms, () => happens(rig.device, rig.client));
      const outcome = await rig.wait({ whileLocked: ifLocked, timeoutMs: 900_000, intervalMs: 6000 });
      expect([outcome.outcome, ifLocked]).not.toEqual(['locked', 'wait']);
      expect(kinds[outcome.outcome] ?? [rig.phases.at(-1)]).toContain(rig.phases.at(-1));
      if (outcome.outcome !== 'done') return;
      const { release } = await rig.client.stateStatus();
      expect(outcome.commit).toBe(release);
      expect(outcome.changed ?? release !== 'old').toBe(release !== 'old');
    }),
    { numRuns: 60 },
  );
}, 180_000);

describe('a wait', () => {
  const hanging = {
    device: async () => new Promise<never>(() => {}),
    stateStatus: async ({ signal }: { signal?: AbortSignal | undefined } = {}) =>
      new Promise<never>((_resolve, reject) => {
        signal?.addEventListener('abort', () => reject(signal.reason));
      }),
    apps: { list: async () => new Promise<never>(() => {}) },
  };

  test('ends with the reason of its signal, during a sample', async () => {
    const controller = new AbortController();
    const waiting = waitForUpdate(hanging, { signal: controller.signal });
    controller.abort('enough');
    await expect(waiting).rejects.toBe('enough');
    await expect(waitForUpdate(hanging, { signal: controller.signal })).rejects.toBe('enough');
  });

  test('ends with the reason of its signal, between two samples', async () => {
    const controller = new AbortController();
    const away = async () => Promise.reject(new SupervisorError({ code: 'unreachable', message: 'away' }));
    const waiting = waitForUpdate(
      { device: away, stateStatus: away, apps: { list: away } },
      { signal: controller.signal, onProgress: () => controller.abort('enough') },
    );
    await expect(waiting).rejects.toBe('enough');
  });

  test('ends in time even if the Supervisor hangs', async () => {
    expect(await waitForUpdate(hanging, { timeoutMs: 10 })).toEqual({ outcome: 'unknown', reason: 'timeout' });
  });

  test('with an invalid `whileLocked` throws a TypeError that names it', async () => {
    await expect(waitForUpdate(hanging, { whileLocked: 'yes' as never })).rejects.toThrow('`whileLocked`');
  });

  test.each(['intervalMs', 'patienceMs', 'unreachableMs', 'timeoutMs'] as const)(
    'with an invalid %s throws a TypeError that names it',
    async (name) => {
      await expect(waitForUpdate(hanging, { [name]: 0 })).rejects.toThrow(`\`${name}\``);
      await expect(waitForUpdate(hanging, { [name]: 2 ** 31 })).rejects.toThrow(TypeError);
    },
  );
});
