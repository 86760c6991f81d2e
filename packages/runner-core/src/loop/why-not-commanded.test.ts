import { expect, test } from 'vitest';
import { whyNotCommanded } from './why-not-commanded.js';

const accepted = {
  node: 'registered',
  connectivity: 'connected',
  credential: 'current',
  cloneSuspected: false,
} as const;

test.each([
  ['accepts', {}, ''],
  ['cannot be reached', { connectivity: 'unreachable' }, ''],
  ['rejects a heartbeat for what is in it', { connectivity: 'rejected' }, ''],
  ['rejected the token of, and another is tried', { connectivity: 'rejected', credential: 'previous' }, 'token'],
  ['rejected every token of', { connectivity: 'rejected', credential: 'registration-key' }, 'token'],
  ['suspects', { cloneSuspected: true }, 'two devices'],
  ['revoked', { node: 'dormant', connectivity: 'rejected' }, 'revoked'],
  ['revoked, and that cannot be reached now', { node: 'dormant', connectivity: 'unreachable' }, 'revoked'],
] as const)('a node that its Cloudly %s', (_what, changes, why) => {
  const found = whyNotCommanded({ ...accepted, ...changes });
  expect([found === undefined, found?.includes(why) ?? true]).toEqual([why === '', true]);
});
