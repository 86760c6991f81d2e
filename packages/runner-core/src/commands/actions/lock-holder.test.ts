import { expect, test } from 'vitest';
import { lockHolderIn } from './lock-holder.js';

test.each([
  ['19.0.5', 'Lockfile exists for { appId: 1234567, service: main }', 'main'],
  ['13.0.3', 'Lockfile exists for {"serviceName":"main","appId":"1234567"}', 'main'],
  ['14.0.0', 'Lockfile exists for {"serviceName":"front-end","appId":1234567}', 'front-end'],
  [
    '12.2.10',
    "Updates are locked: EEXIST: file already exists, open '/mnt/root/tmp/balena-supervisor/services/1234567/main/updates.lock'",
    'main',
  ],
  [
    '7.21.0',
    "EEXIST: file already exists, open '/mnt/root/tmp/resin-supervisor/services/1234567/main/resin-updates.lock'",
    'main',
  ],
  [
    '6.6.11, which has one lock for an app',
    "Updates are locked: EEXIST: file already exists, open '/mnt/root/tmp/resin-supervisor/1234567/resin-updates.lock'",
    undefined,
  ],
  ['none', 'Waiting for Host OS update to finish', undefined],
])('the words of Supervisor %s name the service that holds the lock', (_version, said, holder) => {
  expect(lockHolderIn(`a service holds its update lock. The Supervisor said: "${said}".`)).toBe(holder);
});
