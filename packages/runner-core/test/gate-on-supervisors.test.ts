import process from 'node:process';
import { howMany } from '@serve.zone/baseos-testing/chance/how-many';
import { describe, expect, test } from 'vitest';
import { GatedAgent } from './gated-device.js';
import { VirtualClock } from './virtual-clock.js';

const minuteMs = 60_000;
const update = { kind: 'update', commit: 'new', soakMs: 0 } as const;

/** The update without the gate takes the agent's container away, and one without a gate comes in its place. */
async function replaceByFreeAgent(device: GatedAgent): Promise<void> {
  await device.passUntil(() => device.holder === 'supervisor');
  device.kill();
  await device.passUntil(() => device.app.update === undefined);
  await device.start({ updates: 'free' });
}

function updatesOf({ asks }: GatedAgent): number {
  return asks.filter((path) => path === '/v1/update').length;
}

// The Supervisor's own locks are files of another user, which only root can make.
describe.runIf(process.getuid?.() === 0)('a gated device', () => {
  test('holds a release until the command update, installs it, and closes its gate again', async () => {
    using device = new GatedAgent();
    await device.start();
    await device.stage();
    await device.passUntil(() => device.status?.updates?.staged === 'new', 90_000);
    await device.pass(10 * minuteMs);
    expect([device.app.commit, device.isStaged, device.gate]).toEqual(['old', true, 'closed']);
    device.order(1, update);
    await device.settle(1);
    expect([device.outcomeOf(1), device.app.commit, device.holder]).toEqual(['succeeded', 'new', 'agent 1']);
    expect(updatesOf(device)).toBe(1);
    await device.passUntil(() => device.status?.updates?.staged === undefined, 90_000);
  });

  test('waits for a download before it opens, and does not begin that again', async () => {
    using device = new GatedAgent({ downloadDurationMs: 120_000 });
    await device.start();
    device.offer();
    await device.pass(10_000);
    device.order(1, update);
    await device.passUntil(() => device.isStaged, 130_000);
    expect([device.gate, updatesOf(device)]).toEqual(['closed', 0]);
    await device.settle(1);
    expect([device.outcomeOf(1), device.app.commit]).toEqual(['succeeded', 'new']);
  });

  test('closes its gate when the release runs, and holds the next one while it watches the first', async () => {
    using device = new GatedAgent();
    await device.start();
    await device.stage();
    device.order(1, { ...update, soakMs: 30 * minuteMs });
    await device.passUntil(() => device.app.commit === 'new');
    await device.passUntil(() => device.gate === 'closed', minuteMs);
    await device.stage({ commit: 'newer' });
    expect(device.outcomeOf(1)).toBe(undefined);
    // Also over a restart, while the Supervisor tries again and again.
    device.kill();
    await device.start();
    expect(device.holder).toBe('agent 2');
    await device.pass(5 * minuteMs);
    await device.passUntil(() => device.outcomeOf(1) !== undefined, 40 * minuteMs);
    expect([device.outcomeOf(1), device.app.commit, device.isStaged]).toEqual(['succeeded', 'new', true]);
  });

  test('refuses another release than the ordered one, and stays closed', async () => {
    using device = new GatedAgent();
    await device.start();
    await device.stage();
    await device.stage({ commit: 'newer' });
    device.order(1, update);
    await device.settle(1);
    expect([device.outcomeOf(1), device.app.commit, updatesOf(device)]).toEqual(['refused: other-release', 'old', 0]);
  });

  test('has nothing left to hold when the backend goes back to the running release', async () => {
    using device = new GatedAgent();
    await device.start();
    await device.stage();
    await device.passUntil(() => device.status?.updates?.staged === 'new', 90_000);
    device.offer({ commit: 'old' });
    await device.passUntil(() => device.status?.updates?.staged === undefined, 90_000);
    expect([device.app.commit, device.app.update, device.gate]).toEqual(['old', undefined, 'closed']);
  });

  test('notices a forced update of somebody else, and closes its gate again', async () => {
    using device = new GatedAgent();
    await device.start();
    await device.stage();
    const body = JSON.stringify({ force: true, cancel: true });
    const headers = { authorization: `Bearer ${device.supervisor.globalApiKey}`, 'content-type': 'application/json' };
    const answer = device.supervisor.fetch(
      new Request('http://supervisor/v1/update', { method: 'POST', headers, body }),
    );
    await device.pass(500);
    expect((await answer).status).toBe(204);
    await device.passUntil(() => device.holder === 'supervisor');
    await device.passUntil(() => device.gate === 'open');
    await device.passUntil(() => device.app.commit === 'new');
    await device.passUntil(() => device.gate === 'closed');
    expect(device.holder).toBe('agent 1');
  });

  test('holds a staged release over a restart of the device', async () => {
    using device = new GatedAgent();
    await device.start();
    await device.stage();
    const { bootId } = device.supervisor.state;
    device.kill();
    device.supervisor.rebootHost({ containersAfterMs: 5000, supervisorAfterMs: 6000 });
    await device.passUntil(() => device.supervisor.state.bootId !== bootId);
    await device.start();
    expect(device.holder).toBe('agent 2');
    await device.pass(5 * minuteMs);
    expect([device.app.commit, device.gate]).toEqual(['old', 'closed']);
    device.order(1, update);
    await device.settle(1);
    expect(device.app.commit).toBe('new');
  });

  test('restarts its app if there is nothing to install, and refuses it behind a release', async () => {
    using device = new GatedAgent();
    await device.start();
    device.order(1, { kind: 'restart-service', service: 'main' });
    await device.settle(1);
    expect(device.outcomeOf(1)).toBe('succeeded');
    await device.stage();
    const { asks } = device;
    for (const [number, kind] of (['restart-app', 'reboot', 'start-service', 'stop-service'] as const).entries()) {
      device.order(number + 2, { kind, ...(kind.endsWith('service') && { service: 'main' }) });
      await device.passUntil(() => device.outcomeOf(number + 2) !== undefined);
    }
    expect([2, 3, 4, 5].map((number) => device.outcomeOf(number))).toEqual([
      'refused: gate-closed',
      'refused: gate-closed',
      // It runs already, so nothing is asked.
      'succeeded',
      'refused: gate-closed',
    ]);
    expect([device.asks, device.app.commit, device.gate]).toEqual([asks, 'old', 'closed']);
  });

  test('holds the removal of its own setting like a release, and then leaves no lock behind', async () => {
    using device = new GatedAgent();
    await device.start();
    await device.stage();
    device.order(1, update);
    await replaceByFreeAgent(device);
    await device.passUntil(() => device.outcomeOf(1) !== undefined);
    await device.pass(minuteMs);
    expect([device.outcomeOf(1), device.holder, device.gate]).toEqual(['succeeded', undefined, undefined]);
  });

  test('holds a change of its environment alone, which takes it away, until the command update', async () => {
    using device = new GatedAgent();
    await device.start();
    await device.stage({
      commit: 'old',
      services: ['main', { serviceName: 'baserunner', environment: { BASEOS_UPDATES: '' } }],
    });
    await device.pass(5 * minuteMs);
    expect([device.gate, device.isStaged]).toEqual(['closed', true]);
    device.order(1, { kind: 'update', soakMs: 0 });
    await replaceByFreeAgent(device);
    await device.passUntil(() => device.outcomeOf(1) !== undefined);
    await device.pass(minuteMs);
    expect([device.outcomeOf(1), device.holder, device.gate]).toEqual(['succeeded', undefined, undefined]);
  });

  test('writes config.txt at once, holds its reboot, and reboots when the gate opens', async () => {
    using device = new GatedAgent();
    await device.start();
    const { bootId } = device.supervisor.state;
    device.supervisor.configAvailable({ RESIN_HOST_CONFIG_gpu_mem: '32' });
    device.supervisor.pollCloud();
    await device.pass(5 * minuteMs);
    expect(device.supervisor.state).toMatchObject({
      bootId,
      needsReboot: true,
      bootConfig: { HOST_CONFIG_gpu_mem: '32' },
    });
    expect(device.gate).toBe('closed');
    device.order(1, { kind: 'update', soakMs: 0 });
    await device.passUntil(() => device.supervisor.state.outage !== undefined);
    device.kill();
    void device.supervisor.finishReboot();
    await device.passUntil(() => device.supervisor.state.outage === undefined);
    await device.start();
    await device.settle(1);
    expect(device.supervisor.state.bootId).not.toBe(bootId);
    expect([device.outcomeOf(1), device.holder, device.supervisor.state.needsReboot]).toEqual([
      'succeeded',
      'agent 2',
      false,
    ]);
  });

  test('lets a release through that arrives while its lock is released for a restart, and closes again', async () => {
    using device = new GatedAgent();
    await device.start();
    device.callMs = (path) => (path.endsWith('/restart-service') ? 20_000 : 0);
    device.order(1, { kind: 'restart-service', service: 'main', soakMs: 30 * minuteMs });
    await device.passUntil(() => device.holder === undefined);
    device.offer();
    await device.passUntil(() => device.app.commit === 'new');
    await device.passUntil(() => device.gate === 'closed');
    // The command goes on for long, and holds the gate open no longer.
    expect([device.outcomeOf(1), device.holder]).toEqual([undefined, 'agent 1']);
    await device.passUntil(() => device.outcomeOf(1) !== undefined, 60 * minuteMs);
    expect(device.outcomeOf(1)).toBe('succeeded');
  });

  test('waits for the lock of another service while it is open, and closes again for another release', async () => {
    using device = new GatedAgent();
    await device.start();
    await device.stage();
    const locked = device.lock('main');
    device.order(1, update);
    await device.passUntil(() => device.runner?.status().commands.running?.[0]?.phase === 'waiting-for-lock');
    await device.pass(10 * minuteMs);
    expect([device.gate, device.holder, device.app.commit]).toEqual(['open', undefined, 'old']);
    device.offer({ commit: 'newer' });
    await device.settle(1);
    expect([device.outcomeOf(1), device.holder]).toEqual(['failed: other-release', 'agent 1']);
    locked.release();
    await device.pass(20 * minuteMs);
    expect([device.app.commit, device.isStaged]).toEqual(['old', true]);
    device.order(2, { ...update, commit: 'newer' });
    await device.settle(2);
    expect([device.outcomeOf(2), device.app.commit]).toEqual(['succeeded', 'newer']);
  });

  test('installs a release by force over the lock of another service, and closes again', async () => {
    using device = new GatedAgent();
    await device.start();
    await device.stage();
    device.lock('main');
    device.order(1, { ...update, force: true });
    await device.settle(1);
    expect([device.outcomeOf(1), device.app.commit, device.holder]).toEqual(['succeeded', 'new', 'agent 1']);
  });

  test('installs a release on a full disk, and remembers the command as long as the agent runs', async () => {
    using device = new GatedAgent();
    await device.start();
    await device.stage();
    device.journal.failure = 'The disk is full.';
    device.order(1, update);
    device.order(2, { kind: 'restart-app' });
    await device.settle(1);
    await device.pass(minuteMs);
    expect([device.outcomeOf(1), device.app.commit, device.holder]).toEqual(['succeeded', 'new', 'agent 1']);
    expect(device.asks).not.toContain('/v1/restart');
  });

  test('follows Cloudly, also after a restart without an answer', async () => {
    using device = new GatedAgent();
    device.settings = { updates: 'gated' };
    await device.start({ updates: 'free' });
    await device.passUntil(() => device.gate === 'closed');
    await device.stage();
    device.kill();
    device.exchangeMs = minuteMs;
    await device.start({ updates: 'free' });
    expect(device.gate).toBe('closed');
    await device.pass(5 * minuteMs);
    expect(device.app.commit).toBe('old');
    device.settings = { updates: 'own' };
    await device.passUntil(() => device.app.commit === 'new', 20 * minuteMs);
    expect([device.gate, device.asks.includes('/v1/update')]).toEqual([undefined, false]);
  });

  test('lets a release mend an agent that keeps crashing', async () => {
    using device = new GatedAgent();
    // None of the agents completes a turn.
    device.exchangeMs = minuteMs;
    await device.start();
    await device.stage();
    for (let crashes = 0; crashes < 2; crashes += 1) {
      expect([device.gate, device.app.commit]).toEqual(['closed', 'old']);
      device.kill();
      await device.start();
    }
    expect([device.gate, device.holder]).toEqual(['unavailable', undefined]);
    await device.passUntil(() => device.app.commit === 'new');
  });

  test('does not hold a service with the strategy hand-over, and holds the rest', async () => {
    using device = new GatedAgent();
    await device.start();
    const before = device.app.containers.find(({ serviceName }) => serviceName === 'main');
    device.offer({ services: [{ serviceName: 'main', strategy: 'hand-over' }, 'baserunner'] });
    const isReplaced = () =>
      device.app.containers.every(
        ({ serviceName, containerId }) => serviceName !== 'main' || containerId !== before?.containerId,
      );
    await device.passUntil(isReplaced);
    await device.pass(minuteMs);
    expect([device.app.commit, device.gate, device.holder]).toEqual(['old', 'closed', 'agent 1']);
  });

  test.each(['kill-then-download', 'delete-then-download'] as const)(
    'tells that a release with the strategy %s waits',
    async (strategy) => {
      using device = new GatedAgent();
      await device.start();
      device.offer({ services: [{ serviceName: 'main', strategy }, 'baserunner'] });
      await device.passUntil(() => device.status?.updates?.staged === 'new', 3 * minuteMs);
      device.order(1, update);
      await device.settle(1);
      expect([device.outcomeOf(1), device.app.commit]).toEqual(['succeeded', 'new']);
    },
  );

  test.each(['16.12.9', '19.0.5'])(
    'does not tell that a release waits whose download fails, on %s',
    async (version) => {
      using device = new GatedAgent({ supervisorVersion: version });
      await device.start();
      device.offer({ pullable: false });
      const staged = new Set<string | undefined>();
      for (let minute = 0; minute < 5; minute += 1) {
        await device.pass(minuteMs);
        staged.add(device.status?.updates?.staged);
      }
      const { supervisor } = device.status ?? {};
      expect(supervisor).toMatchObject({
        device: { updatePending: true, updateFailed: true, updateDownloaded: false },
      });
      expect([...staged]).toEqual([undefined]);
    },
  );

  test.each([
    ['16.1.0', true],
    ['19.0.5', false],
  ])('before Supervisor 16.2, does not hold a new service: %s, %s', async (supervisorVersion, isStarted) => {
    using device = new GatedAgent({ supervisorVersion });
    await device.start();
    device.offer({ services: ['main', 'baserunner', 'extra'] });
    await device.pass(minuteMs);
    expect(device.app.containers.some(({ serviceName }) => serviceName === 'extra')).toBe(isStarted);
    expect([device.app.commit, device.gate]).toEqual(['old', 'closed']);
  });

  /** The moments of an update at which somebody is killed. */
  const moments: [string, (device: GatedAgent) => boolean][] = [
    ['closed', (device) => device.isStaged],
    ['opening', (device) => (device.journal.stored?.entries ?? []).some(({ state }) => state === 'asked')],
    ['open', (device) => updatesOf(device) === 1],
    ['closing', (device) => device.outcomeOf(1) !== undefined || device.app.update?.stage === 'finishing'],
  ];

  test.each(moments)('installs the release once, whenever the agent is killed: %s', async (_moment, isThere) => {
    using device = new GatedAgent();
    await device.start();
    await device.stage();
    let isKilled = false;
    const killOnce = () => {
      if (isKilled || !isThere(device)) return;
      isKilled = true;
      device.kill();
    };
    device.afterStore = killOnce;
    device.order(1, update);
    killOnce();
    await device.passUntil(() => {
      killOnce();
      return isKilled;
    });
    await device.pass(3000);
    await device.start();
    await device.settle(1);
    expect([device.outcomeOf(1), device.app.commit, device.holder]).toEqual(['succeeded', 'new', 'agent 2']);
    expect(updatesOf(device)).toBeLessThanOrEqual(2);
  });

  test.each(moments)('installs the release, whenever the Supervisor is killed: %s', async (_moment, isThere) => {
    using device = new GatedAgent();
    await device.start();
    await device.stage();
    device.order(1, update);
    await device.passUntil(() => isThere(device));
    device.supervisor.killSupervisor({ downMs: 20_000 });
    await device.settle(1);
    expect([device.outcomeOf(1), device.app.commit, device.holder]).toEqual(['succeeded', 'new', 'agent 1']);
  });

  test('is one of many: a release appears on all, and each installs it at its own command', async () => {
    const clock = new VirtualClock();
    const devices = Array.from({ length: howMany(5, 20) }, () => new GatedAgent({ clock }));
    const [first] = devices;
    try {
      for (const device of devices) await device.start();
      for (const device of devices) device.offer();
      await first?.passUntil(() => devices.every(({ isStaged }) => isStaged));
      const installed = () => devices.filter(({ app }) => app.commit === 'new').length;
      for (const [done, device] of devices.entries()) {
        expect(installed()).toBe(done);
        device.order(1, update);
        await device.settle(1);
      }
      expect(installed()).toBe(devices.length);
    } finally {
      for (const device of devices) device[Symbol.dispose]();
    }
  });
});
