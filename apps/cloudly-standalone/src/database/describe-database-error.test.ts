import { userInfo } from 'node:os';
import { FleetStoreError } from '@serve.zone/baseos-cloudly-handlers';
import { expect, test } from 'vitest';
import { describeDatabaseError } from './describe-database-error.js';

const location = { kind: 'sqlite', path: '/data/fleet' } as const;

function because(message: string, cause: object): FleetStoreError {
  return new FleetStoreError('database-unusable', message, { cause: Object.assign(new Error('why'), cause) });
}

test.each([
  Object.assign(new Error("EACCES: permission denied, mkdir '/data'"), { code: 'EACCES' }),
  because("The database /data/fleet.sqlite cannot be used: EACCES: permission denied, open '/data/fleet.sqlite'", {
    code: 'EACCES',
  }),
  because('The database /data/fleet.sqlite cannot be used: attempt to write a readonly database', { errcode: 1032 }),
])('for "%s" says which user needs what, and the options', (error) => {
  const { message } = error;
  const described = describeDatabaseError(error, { kind: 'sqlite', path: '/data/fleet.sqlite' });
  expect(described).toContain(message);
  expect(described).toContain(`The user ${userInfo().username}`);
  expect(described).toMatch(/read and write access to \/data\/fleet\.sqlite and its folder\. .*chown.*--data/);
});

test('for another program’s file says that it is one', () => {
  const described = describeDatabaseError(
    new FleetStoreError('database-foreign', 'The database cannot be used: file is not a database'),
    location,
  );
  expect(described).toMatch(/\. \/data\/fleet does not contain the data of a Cloudly\. .*--data\.$/);
});

test('ends with one remedy: its own, or else that of the store', () => {
  const cause = Object.assign(new Error('why'), { errcode: 8 });
  const readOnly = new FleetStoreError('database-unusable', 'It is readonly', { cause, remedy: 'Make it writable.' });
  expect(describeDatabaseError(readOnly, location)).not.toContain('Make it writable.');
  const full = new FleetStoreError('database-unusable', 'The disk is full', { remedy: 'Free up space.' });
  expect(describeDatabaseError(full, location)).toBe('The disk is full. Free up space.');
});

test('has no explanation for other errors', () => {
  expect(describeDatabaseError(new Error('out of memory'), location)).toBeUndefined();
});
