import { SupervisorError } from '@serve.zone/balena-supervisor-client';
import { expect, test } from 'vitest';
import { askNotes, deviceView, silentView, sinceAsk } from '../../../test/device-views.js';
import type { SupervisorCommands } from '../../ports/supervisor-commands.js';
import { actionOf } from './action-of.js';
import { blink } from './blink.js';

const command = { kind: 'blink' };

function supervisorThat(answers: () => Promise<void>): SupervisorCommands {
  const calls: Pick<SupervisorCommands, 'blink'> = { blink: answers };
  return calls as SupervisorCommands;
}

test('it may be asked for at any time that the Supervisor answers', () => {
  expect(blink.prepare(command, deviceView())).toEqual({
    kind: 'ready',
    notes: { kernelBootId: 'boot-1', containers: {} },
  });
  expect(blink.prepare(command, silentView())).toMatchObject({ kind: 'wait', phase: 'postponed' });
});

test('the answer is the outcome', async () => {
  const asked = await blink.ask(
    command,
    supervisorThat(async () => undefined),
    new AbortController().signal,
  );
  expect(asked).toEqual({ kind: 'ended', ending: { outcome: 'succeeded' } });
});

test('an answer that was lost leaves it open, and nothing on the device can tell', async () => {
  const lost = supervisorThat(async () => {
    throw new SupervisorError({ code: 'timeout', message: 'late' });
  });
  expect(await blink.ask(command, lost, new AbortController().signal)).toEqual({ kind: 'unknown' });
  expect(blink.survivesRestart).toBe(false);
  expect(blink.watch(command, askNotes(), deviceView(), sinceAsk([]))).toMatchObject({
    kind: 'ended',
    ending: { outcome: 'interrupted' },
  });
});

test('a call that is cut off by a stop of the agent leaves it open', async () => {
  const stopping = new AbortController();
  const stopped = supervisorThat(async () => {
    stopping.abort(new Error('stopped'));
    throw stopping.signal.reason;
  });
  expect(await blink.ask(command, stopped, stopping.signal)).toEqual({ kind: 'unknown' });
});

test('a defect is not swallowed', async () => {
  const broken = supervisorThat(async () => {
    throw new RangeError('a defect');
  });
  await expect(blink.ask(command, broken, new AbortController().signal)).rejects.toThrow('a defect');
});

test('each kind has its action, but a preview and a kind that is not known have none', () => {
  expect(actionOf('blink')).toBe(blink);
  expect(['preview', 'purge', 'toString'].map(actionOf)).toEqual([undefined, undefined, undefined]);
});
