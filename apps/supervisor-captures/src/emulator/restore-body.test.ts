import { expect, test } from 'vitest';
import { recordingOf } from '../../test/recording-of.js';
import { restoreBody } from './restore-body.js';

const megabyte = 1024 * 1024;

function restored(name: string, request = 'POST /v1/update') {
  return restoreBody(recordingOf({ name, request, body: '{"a":"aaa', status: 204, contentType: 'none' })).body;
}

test.each([
  ['update body over 10 MB', 10 * megabyte],
  ['update 11MB body', 11 * megabyte],
  ['update oversized', 11 * megabyte],
  ['update with a huge JSON body', 11 * megabyte],
])('%s: a body of that size is sent', (name, bytes) => {
  const body = restored(name) ?? '';
  expect(body.length).toBeGreaterThan(bytes);
  expect(() => JSON.parse(body)).not.toThrow();
});

test('otherwise the recorded body is sent', () => {
  expect(restored('update')).toBe('{"a":"aaa');
  expect(restored('device 11 MB', 'GET /v1/device')).toBe('{"a":"aaa');
});
