import { expect, test } from 'vitest';
import { lockPath } from './lock-path.js';

const [newer, older] = ['/tmp/balena', '/tmp/resin'];

test.each<[string, string | undefined, Record<string, string>, string[], string]>([
  ['the given path', '/a/b.lock', { BALENA_APP_LOCK_PATH: '/c' }, [newer], '/a/b.lock'],
  ['the path from the Supervisor', undefined, { BALENA_APP_LOCK_PATH: '/c', RESIN_APP_LOCK_PATH: '/d' }, [newer], '/c'],
  ['the path from a Supervisor before 7.22', undefined, { RESIN_APP_LOCK_PATH: '/d' }, [older], '/d'],
  [
    'the usual file if the variable is empty',
    '',
    { BALENA_APP_LOCK_PATH: '' },
    [newer, older],
    '/tmp/balena/updates.lock',
  ],
  ['the older file if only its folder exists', undefined, {}, [older], '/tmp/resin/resin-updates.lock'],
  ['the usual file if no folder exists, for the error to name', undefined, {}, [], '/tmp/balena/updates.lock'],
])('the lock file is %s', (_claim, path, environment, folders, expected) => {
  expect(lockPath(path, environment, (folder) => folders.includes(folder))).toBe(expected);
});

test('the folder is not checked if the file is named, because a runtime may forbid the check', () => {
  const forbidden = () => {
    throw new Error('not allowed');
  };
  expect(lockPath('/a/b.lock', {}, forbidden)).toBe('/a/b.lock');
  expect(lockPath(undefined, { BALENA_APP_LOCK_PATH: '/c' }, forbidden)).toBe('/c');
});
