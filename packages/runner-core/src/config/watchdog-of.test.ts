import { expect, test } from 'vitest';
import { parseConfig } from './parse-config.js';
import { watchdogOf } from './watchdog-of.js';

const device = { BALENA_DEVICE_UUID: 'a1b2c3' };
const oldDevice = { RESIN_APP_LOCK_PATH: '/tmp/resin/resin-updates.lock' };

test.each([
  ['the engine on balenaOS', device, 'engine'],
  ['the engine on a balenaOS that tells only where its update lock is', oldDevice, 'engine'],
  ['a thread on any other machine', {}, 'thread'],
  ['a thread on balenaOS where the setting says so', { ...device, BASEOS_WATCHDOG: 'thread' }, 'thread'],
  ['the engine elsewhere where the setting says so', { BASEOS_WATCHDOG: 'engine' }, 'engine'],
] as const)('a hung agent is ended by %s', (_, environment, expected) => {
  const parsed = parseConfig(environment);
  expect(parsed.ok && watchdogOf(parsed.config)).toBe(expected);
});

test('a value that names no watchdog is a mistake', () => {
  const parsed = parseConfig({ BASEOS_WATCHDOG: 'on' });
  expect(parsed.ok ? [] : parsed.mistakes).toMatchObject([{ code: 'setting-invalid', variable: 'BASEOS_WATCHDOG' }]);
});

test('leaving it to the engine is doubted where no engine is known to do it', () => {
  const warningsOf = (environment: object) => {
    const parsed = parseConfig({ BASEOS_WATCHDOG: 'engine', ...environment });
    return parsed.ok ? parsed.config.warnings.map(({ code }) => code) : undefined;
  };
  expect(warningsOf({})).toEqual(['watchdog-left-out']);
  expect(warningsOf(device)).toEqual([]);
});
