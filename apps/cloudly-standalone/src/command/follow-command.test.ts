import { type CommandRecord, FleetStoreError } from '@serve.zone/baseos-cloudly-handlers';
import { expect, test } from 'vitest';
import { followCommand } from './follow-command.js';

const queued: CommandRecord = { id: 'c1', kind: 'blink', queuedAtMs: 0, expiresAtMs: Number.MAX_SAFE_INTEGER };
const done: CommandRecord = { ...queued, result: { outcome: 'succeeded', receivedAtMs: 1 } };

/** Follows a command that reads as these one after the other; the last one ends the waiting, if nothing else does. */
async function follow(readings: readonly (CommandRecord | Error)[]) {
  const shown: unknown[] = [];
  const ending = new AbortController();
  let count = 0;
  const over = await followCommand({
    read: async () => {
      const reading = readings[count++];
      if (count === readings.length) ending.abort();
      if (reading instanceof Error || reading === undefined) throw reading ?? new Error('There is nothing more');
      return reading;
    },
    show: (command) => void shown.push(command),
    showTrouble: ({ message }) => void shown.push(message),
    signal: ending.signal,
    pauseMs: 1,
  });
  return { over, shown };
}

test('a command is read until it is over', async () => {
  expect(await follow([queued, queued, done, queued])).toEqual({ over: done, shown: [queued, queued, done] });
});

test('a signal ends the waiting before', async () => {
  expect(await follow([queued, queued])).toEqual({ over: undefined, shown: [queued, queued] });
});

test('a database that does not answer is read again, and told once', async () => {
  const away = new FleetStoreError('database-unreachable', 'away');
  const busy = new FleetStoreError('contention', 'busy');
  expect(await follow([away, busy, queued, busy, done])).toEqual({ over: done, shown: ['away', queued, 'busy', done] });
});

test('any other failure ends the waiting', async () => {
  await expect(follow([queued, new FleetStoreError('database-files-mixed', 'mixed'), done])).rejects.toThrow('mixed');
  await expect(follow([new TypeError('a mistake'), done])).rejects.toThrow('a mistake');
});
