import { expect, test } from 'vitest';

import { completeConfig, normaliseConfig } from './device-config.js';

test('requested values come first, then the defaults of the rest', () => {
  const config = completeConfig({ SUPERVISOR_POLL_INTERVAL: '600000' }, { unmanaged: false });
  expect(Object.keys(config).slice(0, 3)).toEqual([
    'SUPERVISOR_POLL_INTERVAL',
    'SUPERVISOR_VPN_CONTROL',
    'SUPERVISOR_INSTANT_UPDATE_TRIGGER',
  ]);
  expect(config).toMatchObject({ SUPERVISOR_POLL_INTERVAL: '600000', SUPERVISOR_LOCAL_MODE: 'false' });
});

test('a device without a cloud is in local mode by default', () => {
  expect(completeConfig({}, { unmanaged: true })).toMatchObject({ SUPERVISOR_LOCAL_MODE: 'true' });
  expect(completeConfig({ SUPERVISOR_LOCAL_MODE: '0' }, { unmanaged: true })['SUPERVISOR_LOCAL_MODE']).toBe('0');
});

test.each<[Record<string, string>, Record<string, string>]>([
  [{ BALENA_SUPERVISOR_DELTA: '1', RESIN_SUPERVISOR_DELTA: '2', SUPERVISOR_DELTA: '3' }, { SUPERVISOR_DELTA: '1' }],
  [{ RESIN_HOST_CONFIG_gpu_mem: '16' }, { HOST_CONFIG_gpu_mem: '16' }],
  [{ HOST_DISCOVERABILITY: 'false', FOO: 'bar', toString: 'x' }, { HOST_DISCOVERABILITY: 'false' }],
  [{ RESIN_OVERRIDE_LOCK: '1' }, { OVERRIDE_LOCK: '1', SUPERVISOR_OVERRIDE_LOCK: '1' }],
])('%j is stored as %j', (given, kept) => {
  expect(normaliseConfig(given)).toEqual(kept);
});
