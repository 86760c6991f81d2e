import { describe, expect, test } from 'vitest';
import { commandRecord, NOW_MS } from '../stores/suite/fixtures.js';
import { commandEndsAtMs, isTimeUp } from './command-end.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

describe('the end of a command by the clock', () => {
  test('comes after its expiry, its time-out, its soak and a quarter of an hour for the report', () => {
    const command = commandRecord('c', { expiresAtMs: NOW_MS, timeoutMs: 1000, soakMs: 20 });
    expect(commandEndsAtMs(command)).toBe(NOW_MS + 1000 + 20 + 15 * MINUTE_MS);
  });

  test('counts with the default times of its kind where it names none', () => {
    const update = commandRecord('c', { kind: 'update', expiresAtMs: NOW_MS });
    expect(commandEndsAtMs(update)).toBe(NOW_MS + 24 * HOUR_MS + MINUTE_MS + 15 * MINUTE_MS);
    const restart = commandRecord('c', { kind: 'restart-service', expiresAtMs: NOW_MS });
    expect(commandEndsAtMs(restart)).toBe(NOW_MS + 2 * MINUTE_MS + 15 * MINUTE_MS);
  });

  test('waits for two heartbeats of a node that sends them seldom', () => {
    const command = commandRecord('c', { kind: 'blink', expiresAtMs: NOW_MS });
    expect(commandEndsAtMs(command, 2 * HOUR_MS)).toBe(NOW_MS + MINUTE_MS + 2 * HOUR_MS);
  });

  test('is the one that was stored with the command, whatever its kind means later', () => {
    expect(commandEndsAtMs(commandRecord('c', { endsAtMs: 7 }), HOUR_MS)).toBe(7);
  });

  test('is the expiry of a command that was never listed', () => {
    const command = commandRecord('c', { expiresAtMs: NOW_MS + 5, endsAtMs: NOW_MS + 9 });
    expect([isTimeUp(command, NOW_MS + 4), isTimeUp(command, NOW_MS + 5)]).toEqual([false, true]);
    const listed = { ...command, listedAtMs: NOW_MS };
    expect([isTimeUp(listed, NOW_MS + 8), isTimeUp(listed, NOW_MS + 9)]).toEqual([false, true]);
  });

  test('stays once it was found, even if the clock is set back', () => {
    const command = commandRecord('c', { expiresAtMs: NOW_MS + 5, endedAtMs: NOW_MS + 5 });
    expect(isTimeUp(command, NOW_MS)).toBe(true);
  });
});
