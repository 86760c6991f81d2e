import { userInfo } from 'node:os';
import { expect, test } from 'vitest';
import { describeDatabaseError } from './describe-database-error.js';

const location = { kind: 'sqlite', path: '/data/fleet' } as const;

test.each([
  "EACCES: permission denied, mkdir '/data'",
  "The database /data/fleet.sqlite cannot be used: EACCES: permission denied, open '/data/fleet.sqlite'",
  'The database /data/fleet.sqlite cannot be used: attempt to write a readonly database',
])('of "%s" says which user needs what, and the ways out', (message) => {
  const described = describeDatabaseError(new Error(message), { kind: 'sqlite', path: '/data/fleet.sqlite' });
  expect(described).toContain(message);
  expect(described).toContain(`The user ${userInfo().username}`);
  expect(described).toMatch(/read and write access to \/data\/fleet\.sqlite and its folder\. .*chown.*--data/);
});

test('of a file of another program says that it is one', () => {
  const described = describeDatabaseError(new Error('The database cannot be used: file is not a database'), location);
  expect(described).toMatch(/\. \/data\/fleet does not contain the data of a Cloudly\. .*--data\.$/);
});

test('knows nothing of other errors', () => {
  expect(describeDatabaseError(new Error('out of memory'), location)).toBeUndefined();
});
