import { expect, test } from 'vitest';
import { endpointUrl } from '../index.js';

test.each([
  ['https://cloudly.example', 'https://cloudly.example/baseos/v1/nodes/register'],
  ['https://cloudly.example/', 'https://cloudly.example/baseos/v1/nodes/register'],
  ['https://cloudly.example/eu//', 'https://cloudly.example/eu/baseos/v1/nodes/register'],
  ['http://127.0.0.1:3000/x?y#z', 'http://127.0.0.1:3000/x/baseos/v1/nodes/register'],
])('below %s register is %s', (cloudlyUrl, url) => {
  expect(endpointUrl(cloudlyUrl, 'register')).toBe(url);
});

test.each(['register', 'heartbeat', 'wake'] as const)(
  '%s has its path below a base URL with a path of its own',
  (endpoint) => {
    expect(endpointUrl('https://cloudly.example/eu', endpoint)).toBe(
      `https://cloudly.example/eu/baseos/v1/nodes/${endpoint}`,
    );
  },
);

test('a text that is not an absolute URL is rejected', () => {
  expect(() => endpointUrl('cloudly.example', 'heartbeat')).toThrow(TypeError);
});
