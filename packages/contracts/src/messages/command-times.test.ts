import { describe, expect, test } from 'vitest';
import { commandKinds } from './command.js';
import { commandTimes } from './command-times.js';
import { limits } from '../protocol/limits.js';

describe('the times of a command', () => {
  test.each(commandKinds)('%s has defaults within the limits', (kind) => {
    const { timeoutMs, soakMs } = commandTimes({ kind });
    expect(timeoutMs).toBeGreaterThanOrEqual(limits.commandTimeoutMinMs);
    expect(timeoutMs).toBeLessThanOrEqual(limits.commandTimeoutMaxMs);
    expect(soakMs).toBeLessThanOrEqual(limits.commandSoakMaxMs);
  });

  test('an update soaks for a minute, and nothing else soaks', () => {
    expect(commandTimes({ kind: 'update' }).soakMs).toBe(60_000);
    expect(commandKinds.filter((kind) => commandTimes({ kind }).soakMs > 0)).toEqual(['update']);
  });

  test('its own times take precedence over the defaults', () => {
    expect(commandTimes({ kind: 'update', timeoutMs: 5000, soakMs: 0 })).toEqual({ timeoutMs: 5000, soakMs: 0 });
  });

  test.each(['defragment', 'constructor'])('an unknown kind such as %s gets those of restart-app', (kind) => {
    expect(commandTimes({ kind })).toEqual(commandTimes({ kind: 'restart-app' }));
  });
});
