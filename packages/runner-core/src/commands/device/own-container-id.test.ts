import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { containerIdIn, ownContainerId } from './own-container-id.js';

const id = '9f'.repeat(32);

test.each([
  ['a bridge network', `712 695 254:1 /docker/containers/${id}/hostname /etc/hostname rw,relatime - ext4 /dev/vda1 rw`],
  ['balenaOS', `712 695 179:6 /docker/containers/${id}/resolv.conf /etc/resolv.conf rw - ext4 /dev/mmcblk0p6 rw`],
])('the container ID is found in the files that the engine mounts, on %s', (_where, line) => {
  expect(containerIdIn(`600 1 0:50 / / rw - overlay overlay rw\n${line}\n`)).toBe(id);
});

test.each([
  ['a host', '22 1 8:1 / / rw - ext4 /dev/sda1 rw'],
  [
    'a container that has the folder of another one mounted',
    `9 8 8:1 /docker/containers/${id}/logs /logs rw - ext4 a rw`,
  ],
])('%s yields no container ID', (_where, line) => {
  expect(containerIdIn(line)).toBeUndefined();
});

test('a process gets its container ID from its kernel, or none if the file is missing', () => {
  const file = '/proc/self/mountinfo';
  expect(ownContainerId()).toBe(existsSync(file) ? containerIdIn(readFileSync(file, 'utf8')) : undefined);
});
