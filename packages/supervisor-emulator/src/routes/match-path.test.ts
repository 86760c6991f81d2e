import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { matchPath, UndecodableError } from './match-path.js';

test.each<[string, string, Record<string, string> | undefined]>([
  ['/v1/apps/:appId', '/v1/apps/1234567', { appId: '1234567' }],
  ['/v1/apps/:appId', '/V1/Apps/1234567/', { appId: '1234567' }],
  ['/v1/apps/:appId', '/v1/apps/12%33', { appId: '123' }],
  ['/v1/apps/:appId', '/v1/apps/1.0', { appId: '1.0' }],
  ['/v1/apps/:appId', '/v1/apps/%2F', { appId: '/' }],
  ['/v1/apps/:appId', '/v1/apps/', undefined],
  ['/v1/apps/:appId', '/v1/apps//', undefined],
  ['/v1/apps/:appId', '/v1/apps', undefined],
  ['/v1/apps/:appId', '/v1/apps/1/stop', undefined],
  ['/v2/containerId', '/v2/containerid', {}],
  ['/v2/containerId', '/v2/container%49d', undefined],
  ['/ping', '/ping/', {}],
  ['/ping', '/ping//', undefined],
])('%s and %s: %j', (template, path, params) => {
  expect(matchPath(template, path)).toEqual(params);
});

test('a parameter that cannot be decoded is reported as it was sent', () => {
  expect(() => matchPath('/v1/apps/:appId', '/v1/apps/%zz')).toThrow(
    new UndecodableError("Failed to decode param '%zz'"),
  );
});

test('any text survives as an encoded parameter', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', minLength: 1 }), (text) => {
      expect(matchPath('/a/:b/c', `/a/${encodeURIComponent(text)}/c`)).toEqual({ b: text });
    }),
  );
});
