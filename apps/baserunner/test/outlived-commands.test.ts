import { join } from 'node:path';
import { createSupervisor, type ListeningSupervisor, type Supervisor } from '@serve.zone/balena-supervisor-emulator';
import { ShownBootId } from '@serve.zone/baseos-testing/processes/shown-boot-id';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ownApp, ownAppEnv } from './own-app.js';
import type { Rig } from './rig.js';
import { useRig } from './use-rig.js';

// The commands that end the agent which carries them out: the next one tells how they ended.

const soakMs = 4000;

describe('an agent that its command ends', () => {
  let rig: Rig;
  useRig((opened) => (rig = opened));
  let supervisor: Supervisor;
  let listening: ListeningSupervisor;
  let env: Record<string, string>;

  beforeEach(async () => {
    supervisor = createSupervisor({ apps: [ownApp], downloadDurationMs: 200, rebootDurationMs: 500, relay: false });
    listening = await supervisor.listen();
    env = rig.env({
      BASEOS_JOIN_TOKEN: await rig.createJoinToken(),
      ...ownAppEnv(supervisor, listening.address),
    });
  });
  afterEach(async () => listening.close());

  const asks = () => supervisor.requests.filter(({ method }) => method === 'POST').map(({ path }) => path);
  const own = () => supervisor.state.apps[0]?.containers.filter(({ serviceName }) => serviceName === 'baserunner');
  const shownPhases = () => rig.eventsOf('command-phase-changed').map(({ command }) => command.running?.phase);

  test('an update of its own container succeeds once the new one has kept running', { timeout: 120_000 }, async () => {
    const first = rig.start(env);
    const { nodeId } = await rig.event('heartbeat-received');
    const before = own()?.[0]?.containerId;
    supervisor.releaseAvailable({ commit: 'new' });
    const outcome = await rig.order(nodeId, { kind: 'update', soakMs });
    // As the engine does it: a signal to the old container, and the new one starts after it has ended.
    await supervisor.until(() => own()?.find(({ containerId }) => containerId === before)?.status !== 'Running');
    await first.end('SIGTERM');
    await supervisor.until(
      () => own()?.some((each) => each.containerId !== before && each.status === 'Running') ?? false,
    );
    const startedMs = Date.now();
    rig.start(env);
    await rig.event('command-phase-changed', ({ command }) => command.running?.phase === 'verifying');
    expect(await outcome()).toBeUndefined();
    await rig.event('command-finished');
    expect(await outcome()).toBe('succeeded');
    expect(Date.now() - startedMs).toBeGreaterThan(soakMs);
    expect(supervisor.state.apps[0]?.commit).toBe('new');
    // Asked for again by the next agent, an update without force changes nothing.
    expect(new Set(asks())).toEqual(new Set(['/v1/update']));
    expect(asks().length).toBeLessThanOrEqual(2);
    expect(shownPhases().at(-1)).toBe('verifying');
  });

  test.runIf(ShownBootId.isPossible())(
    'a reboot succeeds with another boot of the kernel (needs root, and to mount)',
    { timeout: 120_000 },
    async () => {
      const shown = new ShownBootId(join(rig.folder, 'boot-id'), supervisor.state.bootId);
      rig.enter = shown.enter;
      const first = rig.start(env);
      const { nodeId } = await rig.event('heartbeat-received');
      const before = supervisor.state.bootId;
      const outcome = await rig.order(nodeId, { kind: 'reboot', timeoutMs: 30_000 });
      await supervisor.until(({ outage }) => outage === 'reboot');
      await first.end('SIGKILL');
      await supervisor.whenUp();
      expect(supervisor.state.bootId).not.toBe(before);
      // An agent that starts again on the same boot has not rebooted.
      const second = rig.start(env);
      await rig.nextHeartbeat();
      await rig.nextHeartbeat();
      expect(await outcome()).toBeUndefined();
      await second.end('SIGKILL');
      shown.change(supervisor.state.bootId);
      rig.start(env);
      await rig.event('command-finished');
      expect(await outcome()).toBe('succeeded');
      expect(asks()).toEqual(['/v1/reboot']);
    },
  );
});
