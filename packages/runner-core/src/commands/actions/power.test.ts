import { SupervisorError } from '@serve.zone/balena-supervisor-client';
import { describe, expect, test } from 'vitest';
import { askNotes, deviceView, silentView, sinceAsk } from '../../../test/device-views.js';
import type { SupervisorCommands } from '../../ports/supervisor-commands.js';
import { reboot, shutdown } from './power.js';

const never = new AbortController().signal;

describe.each([
  ['reboot', reboot],
  ['shutdown', shutdown],
] as const)('%s', (kind, action) => {
  const command = { kind };

  test('notes the boot of the kernel and the services that run', () => {
    expect(action.prepare(command, deviceView())).toEqual({
      kind: 'ready',
      notes: { kernelBootId: 'boot-1', appId: 1234567, containers: { main: 'main-1', baserunner: 'baserunner-1' } },
    });
  });

  test('waits until the Supervisor answers', () => {
    expect(action.prepare(command, silentView())).toMatchObject({ kind: 'wait', phase: 'postponed' });
  });

  test.each([
    [
      'another boot proves it',
      deviceView({ kernelBootId: 'boot-2' }),
      { kind: 'ended', ending: { outcome: 'succeeded' } },
    ],
    [
      'another boot proves it, though the Supervisor is away',
      silentView({ kernelBootId: 'boot-2' }),
      { kind: 'ended' },
    ],
    ['the same boot goes on', deviceView(), { kind: 'goes-on', phase: 'restarting' }],
    ['a boot that is not known goes on', silentView({ kernelBootId: undefined }), { kind: 'goes-on' }],
  ])('%s', (_what, view, expected) => {
    expect(action.watch(command, askNotes(), view, sinceAsk([view], { accepted: false }))).toMatchObject(expected);
  });

  test('goes on where the boot was not known before', () => {
    const notes = askNotes({ kernelBootId: undefined });
    expect(action.watch(command, notes, deviceView(), sinceAsk([]))).toMatchObject({ kind: 'goes-on' });
  });

  test('is interrupted when its time is up', () => {
    expect(action.timedOut).toBe('interrupted');
  });

  test('with a soak, the services have to run again', () => {
    const view = deviceView({ kernelBootId: 'boot-2' });
    expect(action.watch({ ...command, soakMs: 60_000 }, askNotes(), view, sinceAsk([view]))).toMatchObject({
      phase: 'verifying',
    });
  });

  test('is asked for without force first, so that an update of the host OS is not cut off', async () => {
    const { calls, forced } = refusing(kind, 'host-update');
    expect(await action.ask({ kind, force: true }, calls, never)).toMatchObject({
      kind: 'definite-no',
      reason: 'The host OS is being updated.',
    });
    expect(forced).toEqual([false]);
  });

  test('is forced if a service holds its lock', async () => {
    const { calls, forced } = refusing(kind, 'user-lock');
    expect(await action.ask({ kind, force: true }, calls, never)).toEqual({ kind: 'accepted' });
    expect(forced).toEqual([false, true]);
  });

  test('waits for the lock of a service without force', async () => {
    const { calls, forced } = refusing(kind, 'user-lock');
    expect(await action.ask({ kind }, calls, never)).toMatchObject({ kind: 'definite-no', phase: 'waiting-for-lock' });
    expect(forced).toEqual([false]);
  });
});

/** A Supervisor that a lock keeps from it, unless it is forced. */
function refusing(kind: 'reboot' | 'shutdown', lock: 'user-lock' | 'host-update') {
  const forced: boolean[] = [];
  const call: SupervisorCommands['reboot'] = async (options) => {
    const force = options?.force === true;
    forced.push(force);
    if (!force) throw new SupervisorError({ code: 'locked', lock, message: 'locked' });
  };
  const calls: Pick<SupervisorCommands, 'reboot' | 'shutdown'> = { reboot: unexpected, shutdown: unexpected };
  calls[kind] = call;
  return { calls: calls as SupervisorCommands, forced };
}

async function unexpected(): Promise<void> {
  throw new Error('The other call was made.');
}
