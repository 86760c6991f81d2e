import { existsSync, lstatSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createSupervisor, type ListeningSupervisor, type Supervisor } from '@serve.zone/balena-supervisor-emulator';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ownApp, ownAppEnv } from './own-app.js';
import type { Rig } from './rig.js';
import { useRig } from './use-rig.js';

const supervisorUid = 65_534;

// The Supervisor's own locks are files of another user, which only root can make.
describe.runIf(process.getuid?.() === 0)('a gated agent', () => {
  let rig: Rig;
  useRig((opened) => (rig = opened));
  let supervisor: Supervisor;
  let listening: ListeningSupervisor;
  let env: Record<string, string>;

  beforeEach(async () => {
    const lockFiles = join(rig.folder, 'locks');
    await mkdir(lockFiles);
    supervisor = createSupervisor({ apps: [ownApp], lockFiles, downloadDurationMs: 300, relay: false });
    listening = await supervisor.listen();
    env = rig.env({
      BASEOS_JOIN_TOKEN: await rig.createJoinToken(),
      BASEOS_UPDATES: 'gated',
      ...ownAppEnv(supervisor, listening.address),
      BALENA_APP_LOCK_PATH: lockPath(),
    });
  });
  afterEach(async () => listening.close());

  const lockPath = () => join(supervisor.lockFolder({ serviceName: 'baserunner' }) ?? '', 'updates.lock');
  const isOurs = () => lstatSync(lockPath(), { throwIfNoEntry: false })?.uid === process.getuid?.();
  const isSupervisors = () => lstatSync(lockPath(), { throwIfNoEntry: false })?.uid === supervisorUid;
  const commit = () => supervisor.state.apps[0]?.commit;
  const updates = () => supervisor.requests.filter(({ path }) => path === '/v1/update').length;

  test('tells its gate in status, doctor and request-update', { timeout: 180_000 }, async () => {
    const agent = rig.start(env);
    await rig.event('heartbeat-received');
    supervisor.releaseAvailable({ commit: 'new' });
    const requested = await rig.run(['request-update'], env);
    expect(JSON.parse(requested.stdout)).toMatchObject({
      requested: true,
      message: expect.stringContaining("waits for Cloudly's command"),
    });
    await expect.poll(() => supervisor.state.apps[0]?.update?.stage, { timeout: 60_000 }).toBe('blocked');
    const human = await rig.run(['status', '--human'], env);
    expect(human.stdout).toMatch(/^Gate {11}closed/m);
    const doctor = await rig.run(['doctor', '--json'], env);
    const { checks } = JSON.parse(doctor.stdout) as { checks: { check: string }[] };
    expect(checks.find(({ check }) => check === 'update lock')).toMatchObject({
      verdict: 'pass',
      message: expect.stringMatching(/^The gate is closed\..*does not hold back/),
    });
    const forced = await rig.run(['request-update', '--force'], env);
    expect(forced.exitCode).toBe(0);
    await expect.poll(commit, { timeout: 60_000 }).toBe('new');
    await expect.poll(isOurs, { timeout: 60_000 }).toBe(true);
    await agent.end('SIGKILL');
    // One that cannot start holds nothing back: another setting may wait behind the gate.
    const mistaken = await rig.run(['start'], { ...env, BASEOS_STATE_PATH: 'relative' });
    expect([mistaken.exitCode, existsSync(lockPath())]).toEqual([2, false]);
    expect(mistaken.stderr).toContain('The update lock that an earlier agent left is removed');
  });

  /** The moments of an update, of which each comes after the one before. */
  const moments: [string, () => boolean][] = [
    ['while its gate is closed', () => supervisor.state.apps[0]?.update?.stage === 'blocked'],
    ['when its gate has opened', () => !existsSync(lockPath()) || updates() > 0],
    ['while the Supervisor installs', isSupervisors],
    ['when the release is installed', () => commit() === 'new'],
  ];

  test.each(moments)(
    'that is killed leaves the rest to the next one: %s',
    { timeout: 120_000 },
    async (_moment, isThere) => {
      const first = rig.start(env);
      const { nodeId } = (await rig.event('heartbeat-received')) as { nodeId: string };
      expect(isOurs()).toBe(true);
      supervisor.releaseAvailable({ commit: 'new' });
      supervisor.pollCloud();
      await expect.poll(() => supervisor.state.apps[0]?.update?.stage, { timeout: 60_000 }).toBe('blocked');
      // Behind a closed gate nothing happens without the command.
      const order = async () => rig.order(nodeId, { kind: 'update', commit: 'new', soakMs: 0 });
      const ordered = isThere() ? undefined : await order();
      await expect.poll(isThere, { timeout: 60_000, interval: 5 }).toBe(true);
      await first.end('SIGKILL');
      const outcome = ordered ?? (await order());
      rig.start(env);
      await expect.poll(outcome, { timeout: 60_000 }).toBe('succeeded');
      await expect.poll(isOurs, { timeout: 60_000 }).toBe(true);
      expect(commit()).toBe('new');
      expect(updates()).toBeLessThanOrEqual(2);
    },
  );
});
