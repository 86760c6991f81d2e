import { describe, expect, it } from 'vitest';
import { mountPointOf } from './containers-own.js';

const mountInfo = `1 0 0:50 / / rw,relatime master:1 - btrfs /dev/sda rw
2 1 0:51 / /proc rw - proc proc rw
3 1 8:1 /volumes/data /data rw,relatime - ext4 /dev/sda1 rw
4 3 8:2 / /data/with\\040a\\040space rw - ext4 /dev/sda2 rw
`;

describe('the mount that a path lies on', () => {
  it.each([
    ['/', '/'],
    ['/database/baseos', '/'],
    ['/data', '/data'],
    ['/data/baseos', '/data'],
    ['/data/with a space/baseos', '/data/with a space'],
    ['/proc/1', '/proc'],
  ])('of %s is %s', (path, point) => {
    expect(mountPointOf(path, mountInfo)).toBe(point);
  });

  it('is not known without any', () => {
    expect(mountPointOf('/data', '')).toBeUndefined();
  });
});
