import { expect, test } from 'vitest';
import { capabilitiesOf, type Capabilities } from './capabilities.js';

test.each<[keyof Capabilities, before: string, from: string]>([
  ['hostConfig', '6.5.9', '6.6.0'],
  ['multiContainer', '6.6.12', '7.0.0'],
  ['appState', '7.11.0', '7.12.0'],
  ['localMode', '7.20.0', '7.21.0'],
  ['serviceByName', '8.2.4', '8.3.0'],
  ['containerId', '8.5.0', '8.6.0'],
  ['stateStatus', '9.6.0', '9.7.0'],
  ['tags', '9.10.0', '9.11.0'],
  ['cleanUpVolumes', '9.18.8', '10.0.0'],
  ['journalLogs', '10.1.9', '10.2.0'],
  ['journalLogsFormat', '10.2.7', '10.3.0'],
  ['journalLogsContainerId', '10.8.0', '10.9.0'],
  ['bearerKey', '11.2.9', '11.3.0'],
  ['vpn', '11.3.0', '11.4.0'],
  ['scopedKeys', '11.14.3', '11.14.4'],
  ['serviceLockAnswer', '12.2.10', '12.2.11'],
  ['proxyParts', '12.3.7', '12.4.0'],
  ['forcedInstantUpdate', '14.4.10', '14.5.0'],
  ['journalLogsSince', '14.6.9', '14.7.0'],
  ['proxyDns', '16.5.9', '16.6.0'],
  ['updateCancel', '17.0.11', '17.1.0'],
  ['appUpdateStatus', '17.6.9', '17.7.0'],
  ['setTags', '17.7.9', '17.8.0'],
])('%s is missing in %s, and present from %s on', (name, before, from) => {
  expect(capabilitiesOf(before)[name]).toBe(false);
  expect(capabilitiesOf(from)[name]).toBe(true);
  expect(capabilitiesOf('19.0.5')[name]).toBe(true);
});

test.each(['17.1.0', 'v17.1.0', 'V17.1', '17.1.0+rev2', '17.1.0-1234-branch', ' 17.1.3\n', '017.01.00'])(
  '%j counts as 17.1',
  (version) => {
    expect(capabilitiesOf(version)).toMatchObject({ updateCancel: true, appUpdateStatus: false });
  },
);

test.each(['', 'v', '17', 'latest', 'balenaOS 6.1.2', '17.1.0.4', 'x17.1.0', '.17.1', undefined, 17])(
  '%j is not a version, and nothing is concluded from it',
  (version) => {
    expect(() => capabilitiesOf(version as string)).toThrow(TypeError);
  },
);
