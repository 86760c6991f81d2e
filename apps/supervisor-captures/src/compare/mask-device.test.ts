import { expect, test } from 'vitest';
import { maskDevice } from './mask-device.js';

function id(digit: string, length: number): string {
  return `no image ${digit.repeat(length)}, sorry`;
}

test('another ID of the same length is equivalent', () => {
  expect(maskDevice(id('a', 64))).toBe(maskDevice(id('0', 64)));
  expect(maskDevice(id('a', 64))).not.toBe(maskDevice(id('a', 40)));
});

test('text that is not an ID stays', () => {
  expect(maskDevice('App 1234567 has no commit 414e65cd')).toBe('App 1234567 has no commit 414e65cd');
});

test('a missing engine is a missing engine, whatever the error', () => {
  const gone = maskDevice('connect ENOENT /var/run/balena-engine.sock');
  expect(maskDevice('connect ECONNREFUSED /run/docker.sock')).toBe(gone);
  expect(maskDevice('connect ECONNREFUSED 127.0.0.1:443')).not.toBe(gone);
});
